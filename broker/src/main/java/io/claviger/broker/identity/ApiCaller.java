package io.claviger.broker.identity;

import io.claviger.schemas.Check;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed an API request.
 *
 * @param name of the access key as the operator registered it; stays when the key is rotated
 * @param node the only node whose pods' credentials may be fetched with it; absent for any
 */
public record ApiCaller(String name, @Nullable String node) {

  public ApiCaller {
    Check.text(name, "name");
  }

  /** As grants and records call it. */
  public String principal() {
    return "key/" + name;
  }
}
