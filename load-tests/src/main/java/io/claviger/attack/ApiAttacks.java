package io.claviger.attack;

import java.util.List;

/** The attacks on the brokers' API. */
final class ApiAttacks {

  private static final String KEY = "a client with an access key";
  private static final String REVOKER = "a client with `revoke` in some namespaces";
  private static final String REVOKED = "a revoked role, workload, node or pod";

  private ApiAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "api-signatures",
            KEY,
            "unsigned requests, wrong signatures, and requests altered after signing",
            ApiSignatures::signatures),
        new Attack(
            "api-http",
            "a host that reaches the brokers' API or a management port",
            "malformed or oversized requests, and hundreds of heads that never end",
            ApiSignatures::http),
        new Attack("api-grants", KEY, "operations beyond the grants of a key", ApiGrants::grants),
        new Attack(
            "api-assume",
            KEY,
            "credentials for pods outside a key's grants, and for invalid tokens",
            ApiAssume::assume),
        new Attack(
            "api-names",
            KEY,
            "names that contain SQL, shell commands, paths, markup or line ends",
            ApiNames::names),
        new Attack(
            "api-pages",
            KEY,
            "page tokens that are made up, altered, or of another client or list",
            ApiNames::pages),
        new Attack(
            "api-revoke-elsewhere",
            REVOKER,
            "revoking, and lifting revocations, outside the client's namespaces",
            ApiRevocations::elsewhere),
        new Attack(
            "api-revoke-share",
            REVOKER,
            "more revocations than the client's share",
            ApiRevocations::share),
        new Attack(
            "api-revoked",
            REVOKED,
            "credentials for revoked subjects, from every broker",
            ApiRevocations::revoked));
  }
}
