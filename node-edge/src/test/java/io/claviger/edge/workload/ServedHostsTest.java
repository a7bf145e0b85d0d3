package io.claviger.edge.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServedHostsTest {

  private final ServedHosts strict = new ServedHosts(List.of("10.1.2.3", "0.0.0.0"), false);
  private final ServedHosts loopback = new ServedHosts(List.of("127.0.0.1"), true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.170.23",
        "169.254.170.23:80",
        "fd00:ec2::23",
        "[fd00:ec2::23]",
        "[fd00:ec2::23]:80",
        "FD00:0EC2:0:0:0:0:0:23",
        "[fd00:ec2:0::0023]:8080",
        "10.1.2.3",
        "10.1.2.3:8080",
        "[::ffff:169.254.170.23]:80",
      })
  void answersTheAddressesThatItServes(String host) {
    assertThat(strict.serves(host)).isTrue();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "124.3.1.2",
        "169.254.170.24",
        "169.254.170.23.example.org",
        "169.254.170.23:x",
        "169.254.170.23:80:80",
        "169.254.43543",
        "2852040215",
        "0xa9.254.170.23",
        "[fd00:ec2::24]",
        "[fd00:ec2::23",
        "[fd00:ec2::23]80",
        "[fd00:ec2::23%25eth0]",
        "fd00:ec2::23]",
        "[169.254.170.23",
        "[]",
        ":",
        ":80",
        "0.0.0.0",
        "[::]",
        "127.0.0.1",
        "[::1]:80",
        "localhost",
        "evil.example.org",
        "169.254.170.23:" + "0000000000000000000000000000000000000000000000000000000000000080",
      })
  void refusesEveryOtherHost(String host) {
    assertThat(strict.serves(host)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.8.9.10",
        "[::1]:8080",
        "::1",
        "localhost",
        "LocalHost:80",
        "169.254.170.23",
      })
  void answersLoopbackAddressesTooWhenItIsAllowedTo(String host) {
    assertThat(loopback.serves(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost.example.org", "128.0.0.1", "[::2]", "0.0.0.0"})
  void answersNothingButLoopbackBecauseOfThat(String host) {
    assertThat(loopback.serves(host)).isFalse();
  }

  /**
   * A resolver would block an event loop for milliseconds, or for seconds while it is unreachable.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {".::1", "[.::2]:80", ".:a:b", "[.:c]", "1.2.3:4:5", "example.org", "1.2.3"})
  void asksNoResolver(String host) {
    long before = CountingResolver.lookups();

    boolean served = strict.serves(host);

    assertThat(served).isFalse();
    assertThat(CountingResolver.lookups()).isEqualTo(before);
  }
}
