"""The smallest consumer of vehicle.telemetry.v1: one line per report, each report once.

pip install confluent-kafka==2.16.1 fastavro==1.13.1
python3 consumer.py, with KAFKA_BROKERS and REGISTRY_URL.
"""

import io
import json
import os
import urllib.request
from collections import defaultdict, deque

from confluent_kafka import Consumer
from fastavro import parse_schema, schemaless_reader

REGISTRY_URL = os.environ.get("REGISTRY_URL", "")
schemas = {}
recent = defaultdict(lambda: deque(maxlen=64))


def decode(value):
    """Wire format: 0x00, the schema's id in 4 bytes, Avro. A schema never changes."""
    if value[0] != 0:
        raise ValueError("want 0x00 and a schema id")
    schema_id = int.from_bytes(value[1:5], "big")
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{REGISTRY_URL}/schemas/ids/{schema_id}") as answer:
            schemas[schema_id] = parse_schema(json.loads(json.load(answer)["schema"]))
    return schemaless_reader(io.BytesIO(value[5:]), schemas[schema_id])


def is_new(report):
    """A report may come more than once: (vehicleId, frameId) tells.

    What must survive a restart keeps the ids where it keeps its results.
    """
    ids = recent[report["vehicleId"]]
    if report["frameId"] is None:
        return True
    if report["frameId"] in ids:
        return False
    ids.append(report["frameId"])
    return True


def shown(value):
    return "-" if value is None else value


consumer = Consumer({
    "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092"),
    "group.id": os.environ.get("GROUP", "example"),
    "auto.offset.reset": "earliest",
})
consumer.subscribe(["vehicle.telemetry.v1"])
while True:
    message = consumer.poll(1.0)
    if message is None:
        continue
    if message.error():
        raise RuntimeError(message.error())
    report = decode(message.value())
    if is_new(report):
        vehicle = report["vehicle"] or {"speedKmh": None, "socPercent": None}
        time = report["eventTime"].isoformat()
        speed, soc = shown(vehicle["speedKmh"]), shown(vehicle["socPercent"])
        print(report["vehicleId"], time, report["codec"], speed, soc, flush=True)
