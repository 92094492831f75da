package dev.ritsem.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What a scenario was asked for, key=value over defaults; what is read is echoed in the result. */
final class Parameters {
  private final Map<String, String> given = new LinkedHashMap<>();
  private final Map<String, Object> used = new LinkedHashMap<>();

  Parameters(String[] arguments, int from) {
    for (int i = from; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("expected key=value, got " + arguments[i]);
      }
      given.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
  }

  String text(String key, String otherwise) {
    String value = given.getOrDefault(key, otherwise);
    used.put(key, value);
    return value;
  }

  int number(String key, int otherwise) {
    int value = given.containsKey(key) ? Integer.parseInt(given.get(key)) : otherwise;
    used.put(key, value);
    return value;
  }

  Map<String, Object> used() {
    return used;
  }

  /** Number of replicas that scenarios create topics with. */
  int replicationFactor() {
    return number("rf", 1);
  }

  /** A misspelt parameter would silently measure something else. */
  void refuseUnused() {
    for (String key : given.keySet()) {
      if (!used.containsKey(key)) {
        throw new IllegalArgumentException("this scenario has no parameter " + key);
      }
    }
  }

  static String environment(String key, String otherwise) {
    String value = System.getenv(key);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  static String bootstrap() {
    return environment("BOOTSTRAP", "127.0.0.1:9092");
  }

  /** Kafka's client defaults, and what the scenario states over them. */
  Properties producer() {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    String acks = text("acks", "all");
    properties.put(ProducerConfig.ACKS_CONFIG, acks);
    // The client refuses idempotence without acks=all, so it is on exactly where it can be.
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, Boolean.toString(acks.equals("all")));
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, text("compression", "none"));
    String batch = text("batch", "default");
    if (!batch.equals("default")) {
      properties.put(ProducerConfig.BATCH_SIZE_CONFIG, batch);
    }
    String linger = text("linger", "default");
    if (!linger.equals("default")) {
      properties.put(ProducerConfig.LINGER_MS_CONFIG, linger);
    }
    return properties;
  }

  static Properties consumer() {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }
}
