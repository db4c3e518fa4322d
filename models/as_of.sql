-- What was known of each claim that teaches, at its own cut-off, out of an extract.
--
-- DuckDB runs these statements, and Spark takes them as they stand. The tables of the extract and
-- `moment` (one row: the numbers below that are asked for) stand before. Instants are microseconds
-- since 1970, days are day numbers, and known_at is the position at which a row became known: what
-- a claim state knew are the rows of smaller positions. Statements end with a semicolon at the end
-- of a line.

-- The latest label of each claim decided by the moment.
CREATE TABLE decided AS
SELECT claim_id, label, picked_by, decided_at, decided_on, source
FROM (
    SELECT
        o.claim_id, o.label, o.picked_by, o.decided_at, o.decided_on, o.source,
        ROW_NUMBER() OVER (PARTITION BY o.claim_id ORDER BY o.known_at DESC) AS newest
    FROM outcomes AS o
    CROSS JOIN moment AS m
    WHERE o.decided_at <= m.now_at
) AS labelled
WHERE newest = 1;

-- The day on which each claim first came in.
CREATE TABLE received AS
SELECT claim_id, received_on, known_at
FROM (
    SELECT
        c.claim_id, c.received_on, c.known_at,
        ROW_NUMBER() OVER (PARTITION BY c.claim_id ORDER BY c.known_at) AS place
    FROM claims AS c
    WHERE c.trigger_fact = '' AND c.in_time
) AS versions
WHERE place = 1;

-- The claims that teach, in parts that are measured together, and the last day of looks that count.
-- What was left undetermined teaches nothing.
CREATE TABLE wanted AS
SELECT
    r.claim_id,
    CASE WHEN d.decided_on < m.today THEN d.decided_on ELSE m.today END AS last_look,
    CAST(FLOOR((ROW_NUMBER() OVER (ORDER BY r.known_at) - 1) / m.claims_in_part) AS INT) AS part
FROM received AS r
JOIN decided AS d ON d.claim_id = r.claim_id
CROSS JOIN moment AS m
WHERE d.decided_at <= m.mature_at AND d.label <> 'undetermined';

-- Their states: every version, and the looks at it up to that day.
CREATE TABLE states AS
SELECT
    w.part, c.known_at, c.claim_id, c.version, c.trigger_fact, c.scoring_point, c.heard_on,
    c.sealed, c.person, c.insured, c.employer, c.first_day_read, c.last_day_read
FROM claims AS c
JOIN wanted AS w ON w.claim_id = c.claim_id
CROSS JOIN moment AS m
WHERE c.in_time AND c.heard_on <= m.today
    AND (c.trigger_fact = '' OR c.heard_on <= w.last_look)
ORDER BY w.part, c.known_at;

-- Under which pseudonyms rows about the people of these claims stand: their own, and any that a
-- person ever judged. Who was who at a cut-off is settled where the rows are read.
CREATE TABLE names AS
SELECT person, person AS name FROM states
UNION SELECT insured, insured FROM states
UNION SELECT person, name FROM aliases;

-- Whom the facts of each part are about, and the last cut-off of a claim that asks for them.
CREATE TABLE asked AS
SELECT part, subject, MAX(known_at) AS cutoff
FROM (
    SELECT s.part, n.name AS subject, s.known_at
    FROM states AS s
    JOIN names AS n ON n.person = s.person
    UNION ALL
    SELECT s.part, n.name, s.known_at
    FROM states AS s
    JOIN names AS n ON n.person = s.insured
    UNION ALL
    SELECT s.part, s.employer, s.known_at
    FROM states AS s
    WHERE s.employer IS NOT NULL
) AS each_state
GROUP BY part, subject;

-- The facts received before.
CREATE TABLE known_facts AS
SELECT a.part, f.known_at, f.fact_id, f.kind, f.sealed
FROM asked AS a
JOIN facts AS f ON f.subject = a.subject AND f.known_at < a.cutoff
ORDER BY a.part, f.known_at;

-- The recorded days of each state's claimant, as the last border file before its cut-off had them:
-- a day that several files had stands until it was filed again.
CREATE TABLE known_days AS
WITH filed_days AS (
    SELECT
        d.person, d.day_number, d.hours_there, d.out_minute, d.back_minute, d.asleep_there,
        d.faults, d.known_at,
        LEAD(d.known_at) OVER (
            PARTITION BY d.person, d.day_number ORDER BY d.known_at
        ) AS filed_again
    FROM person_days AS d
    WHERE d.person IN (SELECT name FROM names)
)
SELECT
    s.part, s.known_at AS cutoff, d.person, d.day_number, d.hours_there, d.out_minute,
    d.back_minute, d.asleep_there, d.faults
FROM states AS s
JOIN names AS n ON n.person = s.person
JOIN filed_days AS d
    ON d.person = n.name
    AND d.day_number BETWEEN s.first_day_read AND s.last_day_read
    AND d.known_at <= s.known_at
    AND (d.filed_again IS NULL OR d.filed_again > s.known_at)
ORDER BY s.part, s.known_at;

-- The claim states that made links, in their order: a claim that is looked at again is linked again
-- only when it names other nodes than before.
CREATE TABLE linked AS
SELECT known_at, claim_id, person, received_on, nodes
FROM (
    SELECT
        c.known_at, c.claim_id, c.person, c.received_on, c.trigger_fact, c.nodes,
        LAG(c.nodes) OVER (PARTITION BY c.claim_id ORDER BY c.known_at) AS named
    FROM claims AS c
) AS looks
WHERE trigger_fact = '' OR named IS NULL OR nodes <> named
ORDER BY known_at;
