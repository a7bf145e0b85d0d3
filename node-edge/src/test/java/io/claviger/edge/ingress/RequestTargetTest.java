package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTargetTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/credentials,/v1/credentials",
    "/v1/credentials?,/v1/credentials",
    "/v1/credentials?x=/y?z,/v1/credentials",
    "//v1/credentials,//v1/credentials",
    "/v1/credentials#x,/v1/credentials#x",
    "/http://169.254.170.23/v1/credentials,/http://169.254.170.23/v1/credentials",
  })
  void hasThePathOfAnOriginForm(String uri, String path) {
    assertThat(RequestTarget.of(uri)).isEqualTo(new RequestTarget(null, path));
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.170.23/v1/credentials,169.254.170.23,/v1/credentials",
    "HTTP://[fd00:ec2::23]:80/v1/credentials?x=1,[fd00:ec2::23]:80,/v1/credentials",
    "http://a@169.254.170.23/v1/credentials,a@169.254.170.23,/v1/credentials",
    "http://169.254.170.23?/v1/credentials,169.254.170.23?,/v1/credentials",
    "http:///v1/credentials,'',/v1/credentials",
    "http://169.254.170.23,169.254.170.23,''",
  })
  void hasAuthorityAndPathOfAnAbsoluteForm(String uri, String authority, String path) {
    assertThat(RequestTarget.of(uri)).isEqualTo(new RequestTarget(authority, path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "", "https://169.254.170.23/v1/credentials", "169.254.170.23:80"})
  void hasNoPathInAnyOtherForm(String uri) {
    assertThat(RequestTarget.of(uri)).isEqualTo(new RequestTarget(null, ""));
  }
}
