package dev.ritsem.metadata.controller;

import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the controller's events in the journal and of images in snapshots: CBOR maps of
 * named fields. The manifest names type and version ({@link EventFormat} lists them all). What is
 * released stays readable: a field may be added, for older readers skip names that they do not
 * know; any other change gets a new version beside the old one. A manifest of a later version is
 * refused.
 */
public final class MetadataSerializer extends SerializerWithStringManifest {
  /** Part of the stored format: never changes. */
  private static final int IDENTIFIER = 8201;

  private static final String IMAGE = "image-1";

  private static final Map<Class<?>, EventFormat<?>> BY_TYPE =
      EventFormat.ALL.stream().collect(Collectors.toMap(EventFormat::type, Function.identity()));
  private static final Map<String, EventFormat<?>> BY_MANIFEST =
      EventFormat.ALL.stream()
          .collect(Collectors.toMap(EventFormat::manifest, Function.identity()));

  private final CBORFactory cbor = new CBORFactory();

  /** What an actor system has to be configured with so that it uses this serializer. */
  public static Config config() {
    return ConfigFactory.parseString(
        """
        akka.actor {
          serializers.ritsem-metadata = "%s"
          serialization-bindings {
            "%s" = ritsem-metadata
            "%s" = ritsem-metadata
          }
        }
        """
            .formatted(
                MetadataSerializer.class.getName(),
                MetadataEvent.class.getName(),
                ClusterImage.class.getName()));
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return object instanceof ClusterImage ? IMAGE : format(object).manifest();
  }

  @Override
  public byte[] toBinary(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = cbor.createGenerator(bytes)) {
      if (object instanceof ClusterImage image) {
        ImageCbor.writeImage(image, out);
      } else if (object instanceof MetadataEvent event) {
        format(event).write(event, out);
      } else {
        throw new IllegalArgumentException("neither event nor image: " + object.getClass());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    CborReader.Element<?> reader = reader(manifest);
    if (reader == null) {
      throw new NotSerializableException(
          ("The metadata has an entry '%s' that this version cannot read: it was written by a later"
                  + " version")
              .formatted(manifest));
    }
    try (JsonParser in = cbor.createParser(bytes)) {
      return new CborReader(in).object(reader);
    } catch (IOException | IllegalArgumentException e) {
      NotSerializableException fault =
          new NotSerializableException(
              "%d bytes are no metadata entry '%s': %s"
                  .formatted(bytes.length, manifest, e.getMessage()));
      fault.initCause(e);
      throw fault;
    }
  }

  private static CborReader.@Nullable Element<?> reader(String manifest) {
    if (manifest.equals(IMAGE)) {
      return ImageCbor::readImage;
    }
    EventFormat<?> format = BY_MANIFEST.get(manifest);
    return format == null ? null : format.reader();
  }

  private static EventFormat<?> format(Object object) {
    EventFormat<?> format = BY_TYPE.get(object.getClass());
    if (format == null) {
      throw new IllegalArgumentException("neither event nor image: " + object.getClass());
    }
    return format;
  }
}
