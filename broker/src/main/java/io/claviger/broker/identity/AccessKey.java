package io.claviger.broker.identity;

import io.claviger.schemas.Check;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that the operator has registered for API calls. {@link #toString()} and exception messages
 * show no secret.
 *
 * @param name whose key it is, as used in grants: letters, digits and {@code . _ @ -}, at most 128.
 *     Several keys may have one name, so that a key can be rotated
 * @param accessKeyId letters, digits and {@code _}, at most 128
 * @param secretAccessKey the key that signs requests; without white space
 * @param node the only node whose pods' credentials this key may fetch; absent for any
 */
public record AccessKey(
    String name, String accessKeyId, String secretAccessKey, @Nullable String node) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,128}");
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");

  public AccessKey {
    matching(NAME, name, "name", "letters, digits and . _ @ -, at most 128");
    matching(ID, accessKeyId, "accessKeyId", "letters, digits and _, at most 128");
    matching(SECRET, secretAccessKey, "secretAccessKey", "printable, without spaces, at most 256");
    if (node != null) {
      Check.text(node, "node");
    }
  }

  /** The caller that this key identifies. */
  public ApiCaller caller() {
    return new ApiCaller(name, node);
  }

  @Override
  public String toString() {
    return "AccessKey[name=" + name + ", accessKeyId=" + accessKeyId + ", node=" + node + "]";
  }

  /** The message omits the value, which may be a secret in the wrong field. */
  private static void matching(Pattern pattern, String value, String field, String form) {
    if (!pattern.matcher(Check.text(value, field)).matches()) {
      throw new IllegalArgumentException(field + " has to be " + form);
    }
  }
}
