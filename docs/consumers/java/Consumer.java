// The smallest consumer of vehicle.telemetry.v1: one line per report, each report once.
// java -cp <kafka-clients, avro and what they need> Consumer.java, with KAFKA_BROKERS and REGISTRY_URL.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Consumer {
  static final Map<Integer, Schema> schemas = new HashMap<>();
  static final Map<String, Set<String>> recent = new HashMap<>();

  public static void main(String[] args) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", env("KAFKA_BROKERS", "127.0.0.1:9092"));
    settings.put("group.id", env("GROUP", "example"));
    settings.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("vehicle.telemetry.v1"));
      while (true) {
        for (var message : consumer.poll(Duration.ofSeconds(1))) {
          GenericRecord report = decode(message.value());
          if (isNew(report)) System.out.println(lineOf(report));
        }
      }
    }
  }

  // Wire format: 0x00, the schema's id in 4 bytes, Avro. A schema never changes: one look serves.
  static GenericRecord decode(byte[] value) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.wrap(value);
    if (buffer.get() != 0) throw new IOException("want 0x00 and a schema id");
    int id = buffer.getInt();
    if (!schemas.containsKey(id)) schemas.put(id, fetchSchema(id));
    var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    return new GenericDatumReader<GenericRecord>(schemas.get(id)).read(null, decoder);
  }

  static Schema fetchSchema(int id) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(env("REGISTRY_URL", "") + "/schemas/ids/" + id));
    var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IOException("schema " + id + ": " + answer.body());
    String schema = new ObjectMapper().readTree(answer.body()).get("schema").asText();
    return new Schema.Parser().parse(schema);
  }

  // A report may come more than once: (vehicleId, frameId) tells. What must survive a restart keeps
  // the ids where it keeps its results.
  static boolean isNew(GenericRecord report) {
    if (report.get("frameId") == null) return true;
    var key = report.get("vehicleId").toString();
    Set<String> ids = recent.computeIfAbsent(key, vehicle -> new LinkedHashSet<>());
    if (!ids.add(report.get("frameId").toString())) return false;
    if (ids.size() > 64) ids.remove(ids.iterator().next());
    return true;
  }

  static String lineOf(GenericRecord report) {
    var vehicle = (GenericRecord) report.get("vehicle");
    Object speed = vehicle == null ? null : vehicle.get("speedKmh");
    Object soc = vehicle == null ? null : vehicle.get("socPercent");
    return "%s %s %s %s %s".formatted(
        report.get("vehicleId"),
        Instant.ofEpochMilli((long) report.get("eventTime")),
        report.get("codec"),
        speed == null ? "-" : speed,
        soc == null ? "-" : soc);
  }

  static String env(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
