"""One table of topics, and what a broker is asked for."""

from streams import topics
from streams.codec import MAX_BODY_BYTES
from streams.topics import MIB, TOPICS, specs


def test_names_are_unique_and_all_have_twelve_partitions():
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    assert {topic.partitions for topic in TOPICS} == {12}


def test_a_dead_letter_has_room_for_the_largest_source_record_and_its_headers():
    sources = [topic for topic in TOPICS if topic.name in topics.SOURCES]
    assert all(topic.max_message_bytes == MIB for topic in sources)
    assert topics.DEAD_LETTERS.max_message_bytes == 2 * MIB
    assert MAX_BODY_BYTES < MIB


def test_three_copies_survive_the_loss_of_one():
    for spec in specs(3):
        assert spec.replication_factor == 3
        assert spec.settings["min.insync.replicas"] == "2"
    assert "min.insync.replicas" not in specs(1)[0].settings


def test_anchors_are_kept_for_ever_and_the_rest_for_a_time():
    kept = {spec.name: int(spec.settings["retention.ms"]) for spec in specs()}
    assert kept.pop("audit.anchors") == -1
    assert all(time > 0 for time in kept.values())
