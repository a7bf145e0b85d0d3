package io.claviger.broker.cli.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.broker.cli.migration.Imported.Found;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports objects of a cluster, whose text is untrusted. */
final class ImportFuzzTest {

  private static final ImportFile FILE =
      new ImportFile(
          "annotations",
          Optional.of("arn:aws:eks:eu-central-1:123456789012:cluster/prod-1"),
          Optional.empty());

  static Stream<byte[]> lists() {
    return Stream.of(
            """
            apiVersion: v1
            kind: List
            items:
              - kind: ServiceAccount
                metadata:
                  name: orders
                  namespace: shop
                  annotations:
                    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/pods/orders
                    eks.amazonaws.com/token-expiration: "3600"
            """,
            """
            kind: Deployment
            metadata: &m {name: "a\\nb", namespace: shop}
            spec:
              template:
                metadata: {annotations: {iam.amazonaws.com/role: pods/a}}
                spec: {serviceAccountName: "a: b #"}
            ---
            kind: Pod
            metadata: {namespace: x, annotations: {iam.amazonaws.com/role: "arn:aws:iam::123456789012:role/b"}}
            """,
            "{\"items\":[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"}}]}")
        .map(text -> text.getBytes(UTF_8));
  }

  /** An object becomes at most the one association that it stands for. */
  @MethodSource("lists")
  @FuzzTest
  void becomeNoMoreThanWhatWasFound(byte[] input) {
    String text = new String(input, UTF_8);
    Imported irsa;
    Imported kiam;
    try {
      irsa = IrsaServiceAccounts.read(text);
      kiam = KiamWorkloads.read(text, FILE.rolePrefix());
    } catch (IllegalArgumentException e) {
      return;
    }
    // The IRSA import keeps duplicate names. kubectl never prints an object twice.
    if (irsa.found().stream().map(Found::name).distinct().count() == irsa.found().size()) {
      assertIsReadAsItIsWritten(irsa);
    }
    assertIsReadAsItIsWritten(kiam);
  }

  private static void assertIsReadAsItIsWritten(Imported imported) {
    String file = FILE.text(imported);
    if (!imported.found().isEmpty()) {
      assertThat(AssociationManifest.parse(file))
          .isEqualTo(
              imported.found().stream()
                  .sorted(Comparator.comparing(Found::name))
                  .map(Found::spec)
                  .toList());
    } else {
      assertThat(file.lines()).allMatch(line -> line.isBlank() || line.startsWith("#"));
    }
  }
}
