package io.claviger.stsfake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * How much of the space that session policies and tags share a call takes. STS does not publish its
 * binary form; here it is DEFLATE of the texts against {@value #SPACE_BYTES} bytes, which, as with
 * STS, the six tags of EKS Pod Identity and a moderate policy fit, and 50 long tags do not.
 */
final class PackedSize {

  private static final int SPACE_BYTES = 1_600;

  private PackedSize() {}

  /**
   * The percentage used; nothing when there is neither policy nor tag.
   *
   * @throws StsRefusal when it is more than 100
   */
  static Optional<Integer> of(AssumeRoleRequest request) {
    StringBuilder text = new StringBuilder();
    if (request.policy() != null) {
      text.append(request.policy());
    }
    request.policyArns().forEach(arn -> text.append(arn).append('\0'));
    request.tags().tags().forEach((k, v) -> text.append(k).append('\0').append(v).append('\0'));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int percent = (deflated(text.toString().getBytes(UTF_8)) * 100 + SPACE_BYTES - 1) / SPACE_BYTES;
    if (percent > 100) {
      throw new StsRefusal(
          new QueryError(
              "PackedPolicyTooLarge",
              400,
              "Packed policy consumes "
                  + percent
                  + "% of allotted space, please use smaller policy."));
    }
    return Optional.of(percent);
  }

  private static int deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[4096];
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
      return out.size();
    } finally {
      deflater.end();
    }
  }
}
