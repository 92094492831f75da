package dev.ritsem.app;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.FormatOption;
import dev.ritsem.app.tool.JsonOutput;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsCatalogue;
import dev.ritsem.config.SettingsReference;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "settings",
    description = "Print every setting of a node with its default, unit and range.",
    footer = {
      "",
      "The text form is a file for --config in which everything is commented out.",
      "",
      "Examples:",
      "  ritsem settings | less",
      "  ritsem settings --format json"
    })
final class SettingsCommand extends RitsemCommand {
  @Mixin private FormatOption format = new FormatOption();

  @Override
  public Integer call() {
    SettingsCatalogue catalogue = DeclaredSettings.catalogue();
    if (!format.json()) {
      out().print(SettingsReference.render(catalogue));
      return ExitCode.OK;
    }
    JsonOutput.writeArray(
        out(),
        json -> {
          for (SettingsCatalogue.Section section : catalogue.sections()) {
            for (Setting<?> setting : section.settings()) {
              write(json, section, setting);
            }
          }
        });
    return ExitCode.OK;
  }

  private static <T> void write(
      JsonGenerator json, SettingsCatalogue.Section section, Setting<T> setting)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", setting.name());
    json.writeStringField("section", section.title());
    json.writeStringField("type", setting.type().name().toLowerCase(Locale.ROOT));
    T value = setting.defaultValue();
    json.writeStringField("default", value == null ? null : setting.write(value));
    json.writeStringField("unit", setting.unit());
    json.writeStringField("range", setting.range());
    json.writeStringField("documentation", setting.documentation());
    json.writeEndObject();
  }
}
