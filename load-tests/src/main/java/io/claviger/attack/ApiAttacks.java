package io.claviger.attack;

import java.util.List;

/** The attacks on the brokers' API. */
final class ApiAttacks {

  private static final String KEY = "who has an access key";
  private static final String REVOKER = "who has `revoke` in some namespaces";
  private static final String REVOKED = "a revoked role, workload, node or pod";

  private ApiAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "api-signatures",
            KEY,
            "requests that are unsigned, signed wrongly, or altered after they were signed",
            ApiSignatures::signatures),
        new Attack(
            "api-http",
            "who reaches the brokers' API or a management port",
            "requests that are no HTTP, or too large, and hundreds of heads that do not end",
            ApiSignatures::http),
        new Attack("api-grants", KEY, "more than the grants of a key cover", ApiGrants::grants),
        new Attack(
            "api-assume",
            KEY,
            "credentials of pods that a key may not have, by tokens that are not theirs",
            ApiAssume::assume),
        new Attack(
            "api-names",
            KEY,
            "names with SQL, shell, paths, markup and line ends in them",
            ApiNames::names),
        new Attack(
            "api-pages",
            KEY,
            "page tokens that are made up, altered, or of another's list",
            ApiNames::pages),
        new Attack(
            "api-revoke-elsewhere",
            REVOKER,
            "revoking and lifting beyond one's namespaces",
            ApiRevocations::elsewhere),
        new Attack(
            "api-revoke-share",
            REVOKER,
            "more revocations than one's share",
            ApiRevocations::share),
        new Attack(
            "api-revoked",
            REVOKED,
            "credentials for what is revoked, from every broker",
            ApiRevocations::revoked));
  }
}
