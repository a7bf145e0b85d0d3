package io.claviger.config.settings;

/** The settings cannot be used; the message names the key or the file and what is wrong with it. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }
}
