package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "shop, shop, true",
    "shop, shop2, false",
    "shop, sho, false",
    "*, anything, true",
    "team-*, team-a, true",
    "team-*, team-, true",
    "team-*, my-team-a, false",
    "*-prod, a-prod-prod, true",
    "*-prod, a-prod-x, false",
    "a*b*c, a1b2b3c, true",
    "a*b*c, a1b2b3, false",
    "a?c, abc, true",
    "a?c, ac, false",
    "???, abc, true",
    "arn:aws:iam::111122223333:role/pods/*, arn:aws:iam::111122223333:role/pods/x/y, true",
    "arn:aws:iam::111122223333:role/pods/*, arn:aws:iam::111122223333:role/admin, false",
    "arn:aws:iam::111122223333:role/pods/*, arn:aws:iam::111122223333:role/pods, false",
    "a.c, abc, false",
    "shop**, shop, true",
  })
  void meansWhatItMeansInAnIamPolicy(String pattern, String name, boolean matches) {
    assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
  }
}
