package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.settings.SettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListedMemberTest {

  @ParameterizedTest
  @CsvSource({
    "peers.claviger.svc, peers.claviger.svc, 5701, false",
    "broker-1:5702, broker-1, 5702, false",
    "10.0.0.1.example.org, 10.0.0.1.example.org, 5701, false",
    "10.0.0.1, 10.0.0.1, 5701, true",
    "10.0.0.1:5702, 10.0.0.1, 5702, true",
    "fd00::1, fd00::1, 5701, true",
    "[fd00::1], fd00::1, 5701, true",
    "[fd00::1]:5702, fd00::1, 5702, true",
  })
  void isANameOrAnAddressWithAPortOrWithout(String text, String host, int port, boolean isAddress) {
    ListedMember member = ListedMember.parse(text, 5701);

    assertThat(member).isEqualTo(new ListedMember(host, port));
    assertThat(member.isAddress()).isEqualTo(isAddress);
  }

  @Test
  void namesTextThatIsNeither() {
    assertThatThrownBy(() -> ListedMember.parse("broker-1:http", 5701))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("broker-1:http");
  }
}
