package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.edge.workload.ServedHosts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The parts of a pod's request that Netty does not normalise: its target and its {@code Host}. */
final class RequestHeadFuzzTest {

  private static final ServedHosts HOSTS = new ServedHosts(List.of("10.0.0.1"), false);

  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.\\[\\]]+");

  static Stream<byte[]> parts() {
    return Stream.of(
            "/v1/credentials\n169.254.170.23",
            "/v1/credentials?a=b\n[fd00:ec2::23]:80",
            "http://169.254.170.23/v1/credentials\n10.0.0.1:80",
            "HTTP://evil.example?/v1/credentials\nlocalhost",
            "*\n[::ffff:169.254.170.23]",
            "http:///\n1:2:3::%eth0")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A name that needs a lookup is never accepted, so it cannot be rebound. */
  @MethodSource("parts")
  @FuzzTest
  void areTakenAsTheyStandOrRefused(byte[] input) {
    // As Netty reads a head.
    String[] parts = new String(input, StandardCharsets.ISO_8859_1).split("\n", 2);

    RequestTarget target = RequestTarget.of(parts[0]);
    String authority = Objects.requireNonNullElse(target.authority(), "");
    assertThat(parts[0]).contains(authority + target.path());
    assertThat(target.path()).doesNotContain("?");
    for (String host : List.of(authority, parts[parts.length - 1])) {
      if (HOSTS.serves(host)) {
        assertThat(host).matches(ADDRESS);
      }
    }
  }
}
