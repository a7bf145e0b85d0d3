package io.claviger.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where an edge got the credentials from that it served to a pod. */
public enum ServedFrom {
  /** The edge had cached them. */
  MEMORY("memory"),
  /** The edge requested them from a broker for this request. */
  BROKER("broker");

  private final String text;

  ServedFrom(String text) {
    this.text = text;
  }

  /** Returns the text that events contain. */
  @JsonValue
  public String text() {
    return text;
  }
}
