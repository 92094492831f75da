package dev.ritsem.log;

import dev.ritsem.model.BrokerId;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What {@code meta.properties} says about a log directory: which cluster and which node it belongs
 * to. Written once, when the directory is first used.
 *
 * @param directoryId the identity of this directory, in the form of a topic id
 */
record MetaProperties(String clusterId, BrokerId nodeId, String directoryId) {
  static final String FILE_NAME = "meta.properties";

  private static final String VERSION = "version";
  private static final String VERSION_1 = "1";
  private static final String CLUSTER_ID = "cluster.id";
  private static final String NODE_ID = "node.id";
  private static final String DIRECTORY_ID = "directory.id";

  void write(Disk disk, Path directory) throws IOException {
    AtomicFile.replaceDurably(
        disk,
        directory.resolve(FILE_NAME),
        "%s=%s\n%s=%s\n%s=%s\n%s=%s\n"
            .formatted(
                VERSION,
                VERSION_1,
                CLUSTER_ID,
                clusterId,
                NODE_ID,
                nodeId,
                DIRECTORY_ID,
                directoryId));
  }

  /** Empty if the directory has not been used yet. */
  static Optional<MetaProperties> read(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(AtomicFile.readText(disk, file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(file, "it is not a properties file");
    }
    String version = value(file, properties, VERSION);
    if (!version.equals(VERSION_1)) {
      throw new CorruptFileException(
          file, "its version is %s; this node reads version %s".formatted(version, VERSION_1));
    }
    return Optional.of(
        new MetaProperties(
            value(file, properties, CLUSTER_ID),
            new BrokerId(number(file, value(file, properties, NODE_ID))),
            properties.getProperty(DIRECTORY_ID, "")));
  }

  private static String value(Path file, Properties properties, String key) throws IOException {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new CorruptFileException(file, "it has no " + key);
    }
    return value.trim();
  }

  private static int number(Path file, String text) throws IOException {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new CorruptFileException(file, "'" + text + "' is not a node id");
    }
  }
}
