package io.claviger.broker.identity;

import io.claviger.schemas.Check;
import org.jspecify.annotations.Nullable;

/**
 * The signer of an API request.
 *
 * @param name of the access key as the operator registered it; stays when the key is rotated
 * @param node the only node whose pods' credentials the caller may fetch; absent for any
 */
public record ApiCaller(String name, @Nullable String node) {

  public ApiCaller {
    Check.text(name, "name");
  }

  /** The caller's name in grants and records. */
  public String principal() {
    return "key/" + name;
  }
}
