package io.claviger.broker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.doctor.Finding.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointCheckTest {

  private static final URI ENDPOINT = URI.create("http://169.254.170.23/v1/credentials");
  private static final HttpGet OPEN = (uri, token) -> Samples.answer(200, "", "{}");

  private static List<Finding> look(HttpGet http, URI endpoint, Map<String, String> environment) {
    return new EndpointCheck(http, environment).look(endpoint, Samples.podToken()).findings();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.170.23/v1/credentials",
        "http://[fd00:ec2::23]/v1/credentials",
        "http://127.0.0.1:8080/v1/credentials",
        "http://[::1]:8080/v1/credentials",
        "http://localhost:8080/v1/credentials",
        "https://credentials.example/v1/credentials"
      })
  void anAddressThatSdksAskIsAsked(String endpoint) {
    assertThat(look(OPEN, URI.create(endpoint), Map.of()))
        .singleElement()
        .extracting(Finding::status)
        .isEqualTo(Status.OK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/v1/credentials",
        "http://127.0.0.1.example/v1/credentials",
        "ftp://169.254.170.23/v1/credentials",
        "/v1/credentials"
      })
  void anAddressThatSdksRefuseIsNotAsked(String endpoint) {
    HttpGet http =
        (uri, token) -> {
          throw new AssertionError("the token must not go there");
        };

    assertThat(look(http, URI.create(endpoint), Map.of()))
        .singleElement()
        .extracting(Finding::status)
        .isEqualTo(Status.FAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_PROXY, '', true",
    "http_proxy, '', true",
    "HTTP_PROXY, 'localhost,169.254.170.23', false",
    "HTTP_PROXY, '*', false"
  })
  void aProxyThatDoesNotLeaveTheAddressAloneIsNamed(String variable, String spared, boolean named) {
    List<Finding> findings =
        look(OPEN, ENDPOINT, Map.of(variable, "http://proxy:3128", "NO_PROXY", spared));

    assertThat(findings.stream().anyMatch(found -> found.check().equals("proxy"))).isEqualTo(named);
  }

  @Test
  void anAnswerThatJavaWouldNotWaitForIsNamed() {
    HttpGet slow = (uri, token) -> new HttpGet.Answer(200, "", "{}", Duration.ofMillis(1001));

    assertThat(look(slow, ENDPOINT, Map.of()))
        .singleElement()
        .extracting(Finding::status)
        .isEqualTo(Status.WARN);
  }

  @Test
  void noAnswerNamesTheNode() {
    for (IOException failure :
        List.of(new ConnectException(), new HttpTimeoutException("x"), new IOException("reset"))) {
      HttpGet closed =
          (uri, token) -> {
            throw failure;
          };

      assertThat(look(closed, ENDPOINT, Map.of()))
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.status()).isEqualTo(Status.FAIL);
                assertThat(found.fix()).contains("node-1");
              });
    }
  }

  @Test
  void whatMayPassIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    HttpGet http =
        (uri, token) -> Samples.answer(asked.incrementAndGet() < 3 ? 503 : 200, "", "{}");

    assertThat(look(http, ENDPOINT, Map.of()).getFirst().fact()).contains("answers 200");
    assertThat(asked).hasValue(3);
  }
}
