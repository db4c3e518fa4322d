"""How records come in from Kafka and results go out, without loss or doubling."""
