package dev.ritsem.config;

/**
 * A setting that cannot be used. The message names the key, the value, where it was set and what is
 * allowed.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }

  public SettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
