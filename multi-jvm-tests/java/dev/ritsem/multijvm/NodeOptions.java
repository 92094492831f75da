package dev.ritsem.multijvm;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a node is started.
 *
 * @param settings what {@code --set key=value} is given, on top of id, listener and directory
 * @param heap size of the JVM's heap as {@code -Xmx} takes it, for instance {@code 256m}
 * @param jvmOptions further options of the JVM, separated by blanks
 */
public record NodeOptions(Map<String, String> settings, String heap, String jvmOptions) {
  public NodeOptions {
    settings = Map.copyOf(settings);
  }

  /** A node with default settings in 256 MB of heap. */
  public static NodeOptions defaults() {
    return new NodeOptions(Map.of(), "256m", "");
  }

  public NodeOptions with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new NodeOptions(more, heap, jvmOptions);
  }

  public NodeOptions withHeap(String size) {
    return new NodeOptions(settings, size, jvmOptions);
  }

  public NodeOptions withJvmOptions(String options) {
    return new NodeOptions(settings, heap, options);
  }
}
