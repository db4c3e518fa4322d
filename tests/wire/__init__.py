"""On a real Kafka-wire broker."""
