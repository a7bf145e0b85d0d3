package io.claviger.broker.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a signature covers every header that could change the meaning of its request. A proxy on
 * the way could add or alter a header that is not covered.
 */
final class SignatureCoverage {

  /** The standard headers that the API acts on. */
  private static final Set<String> ACTED_ON = Set.of("content-type", "if-match", "last-event-id");

  private static final String AMZ = "x-amz-";

  private SignatureCoverage() {}

  /** Returns what is wrong with the coverage, for a person; empty if it is complete. */
  static Optional<String> flaw(ReceivedHeaders headers, PresentedSignature presented) {
    List<String> signed = presented.claim().signedHeaders();
    Set<String> names = new HashSet<>(signed);
    return required(headers, presented)
        .filter(name -> !names.contains(name))
        .findFirst()
        .map(name -> "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.")
        .or(() -> ambiguous(headers, signed));
  }

  private static Stream<String> required(ReceivedHeaders headers, PresentedSignature presented) {
    return Stream.concat(
        presented.preSigned()
            ? Stream.of("host")
            : Stream.of("host", PresentedSignature.DATE_HEADER),
        headers.names().stream().filter(SignatureCoverage::isActedOn));
  }

  private static boolean isActedOn(String name) {
    return name.startsWith(AMZ) || ACTED_ON.contains(name);
  }

  /** If a header has two lines, servers read the first, but the signature covers both, joined. */
  private static Optional<String> ambiguous(ReceivedHeaders headers, List<String> signed) {
    return signed.stream()
        .filter(name -> headers.values(name).size() != 1)
        .findFirst()
        .map(
            name ->
                "'"
                    + name
                    + "' is a 'SignedHeader' and is "
                    + (headers.values(name).isEmpty() ? "not there." : "there twice."));
  }
}
