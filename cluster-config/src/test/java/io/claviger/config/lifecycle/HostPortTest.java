package io.claviger.config.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.settings.SettingsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80,127.0.0.1,80",
    "broker-1.brokers.svc:7443,broker-1.brokers.svc,7443",
    "[fd00:ec2::23]:80,fd00:ec2::23,80",
    "[::1]:0,::1,0",
    "a:65535,a,65535"
  })
  void readsAndWritesHostAndPort(String text, String host, int port) {
    HostPort address = HostPort.parse(text);

    assertThat(address).isEqualTo(new HostPort(host, port));
    assertThat(address).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "host",
        "host:",
        ":80",
        "host:port",
        "host:-1",
        "host:65536",
        "host:+",
        "::1",
        "fd00:ec2::23:80",
        "[::1]",
        "[]:80",
        "[::1:80",
        "::1]:80",
        "host:80:81",
        "host: 80"
      })
  void saysHowToWriteWhatIsNone(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(SettingsException.class)
        .hasMessage("not host:port (IPv6 in brackets): '" + text + "'");
  }
}
