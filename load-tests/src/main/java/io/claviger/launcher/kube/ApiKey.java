package io.claviger.launcher.kube;

/**
 * An access key of the brokers' API. {@link #toString()} shows its id only.
 *
 * @param id names it
 * @param secret secret
 */
public record ApiKey(String id, String secret) {
  @Override
  public String toString() {
    return "ApiKey[id=" + id + "]";
  }
}
