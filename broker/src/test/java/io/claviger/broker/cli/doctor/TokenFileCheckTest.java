package io.claviger.broker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.doctor.Finding.Status;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenFileCheckTest {

  private static final Path FILE = Path.of("/token");

  private static TokenFileCheck.Seen look(TokenFileCheck.TextFile files) {
    return new TokenFileCheck(files, Samples.CLOCK, Samples.AUDIENCE).look(FILE);
  }

  private static TokenFileCheck.Seen lookAt(String text) {
    return look(Samples.files(Map.of("/token", text)));
  }

  @Test
  void aPodsTokenIsGood() {
    TokenFileCheck.Seen seen = lookAt(Samples.token(Samples.CLAIMS));

    assertThat(seen.findings()).allSatisfy(one -> assertThat(one.status()).isEqualTo(Status.OK));
    assertThat(facts(seen))
        .contains(
            "service account checkout of namespace shop, pod checkout-0",
            "expires in 23 h",
            "https://issuer.example",
            "bound to node-1");
    assertThat(seen.token()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "'\"exp\":', '\"exp\":1,\"old\":', token life, FAIL, subPath",
    "'\"exp\":', '\"nbf\":4000000000,\"exp\":', token life, FAIL, clocks",
    "pods.eks.amazonaws.com, sts.amazonaws.com, audience, FAIL, pods.eks.amazonaws.com",
    "'\"node\":', '\"other\":', node claim, WARN, 1.30"
  })
  void aClaimThatIsNotRightIsNamedAndHasAFix(
      String claim, String instead, String check, Status status, String fix) {
    TokenFileCheck.Seen seen = lookAt(Samples.token(Samples.CLAIMS.replace(claim, instead)));

    assertThat(seen.findings())
        .filteredOn(finding -> finding.status() != Status.OK)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.check()).isEqualTo(check);
              assertThat(finding.status()).isEqualTo(status);
              assertThat(finding.fix()).contains(fix);
            });
    assertThat(seen.token()).isPresent();
  }

  @Test
  void whatIsNoTokenIsNotRepeated() {
    for (String text : new String[] {"", "not-a-token", "e30.e30.c2ln", Samples.token("{}")}) {
      TokenFileCheck.Seen seen = lookAt(text);

      assertThat(seen.token()).isEmpty();
      assertThat(seen.findings())
          .singleElement()
          .extracting(Finding::status)
          .isEqualTo(Status.FAIL);
      assertThat(facts(seen)).doesNotContain("not-a-token", "e30");
    }
  }

  @Test
  void aLineEndIsNamedBecausePythonSendsNoSuchToken() {
    assertThat(facts(lookAt(Samples.token(Samples.CLAIMS) + "\n"))).contains("line ends");
  }

  @Test
  void distinguishesAFileThatCannotBeReadFromOneThatIsNotThere() {
    assertThat(facts(look(Samples.files(Map.of())))).contains("does not exist");
    assertThat(
            facts(
                look(
                    file -> {
                      throw new AccessDeniedException(file.toString());
                    })))
        .contains("not readable");
  }

  @Test
  void theTokenItselfIsInNothingThatIsPrinted() {
    String token = Samples.token(Samples.CLAIMS);
    TokenFileCheck.Seen seen = lookAt(token);

    assertThat(seen.toString()).doesNotContain(token.substring(token.indexOf('.') + 1));
  }

  private static String facts(TokenFileCheck.Seen seen) {
    return seen.findings().stream().map(Finding::fact).collect(Collectors.joining("\n"));
  }
}
