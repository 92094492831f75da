package dev.ritsem.client.admin;

import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse;

/** Reads configurations out of DescribeConfigs answers, in the types of Kafka's admin client. */
public final class ConfigEntries {
  private ConfigEntries() {}

  /** All entries of one resource. */
  public static Config config(DescribeConfigsResult result) {
    return new Config(result.configs().stream().map(ConfigEntries::entry).toList());
  }

  private static ConfigEntry entry(DescribeConfigsResourceResult entry) {
    return new ConfigEntry(
        entry.name(),
        entry.value(),
        DescribeConfigsResponse.ConfigSource.forId(entry.configSource()).source(),
        entry.isSensitive(),
        entry.readOnly(),
        // Kafka's class for synonyms cannot be made outside of its package.
        List.of(),
        DescribeConfigsResponse.ConfigType.forId(entry.configType()).type(),
        entry.documentation());
  }
}
