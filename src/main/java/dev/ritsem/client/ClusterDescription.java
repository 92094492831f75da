package dev.ritsem.client;

import java.util.List;
import org.apache.kafka.common.Node;

/**
 * A cluster as its brokers describe it.
 *
 * @param controllerId the broker that decides, or -1 while there is none
 */
public record ClusterDescription(String clusterId, int controllerId, List<Node> brokers) {
  public ClusterDescription {
    brokers = List.copyOf(brokers);
  }
}
