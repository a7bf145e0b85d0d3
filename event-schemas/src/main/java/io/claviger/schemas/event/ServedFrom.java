package io.claviger.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where an edge had the credentials from that it served to a pod. */
public enum ServedFrom {
  /** It had them cached. */
  MEMORY("memory"),
  /** It asked a broker for this request. */
  BROKER("broker");

  private final String text;

  ServedFrom(String text) {
    this.text = text;
  }

  /** As it is written. */
  @JsonValue
  public String text() {
    return text;
  }
}
