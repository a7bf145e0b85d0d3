package io.claviger.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.broker.identity.AccessKey;
import io.claviger.broker.identity.AccessKeys;
import io.claviger.broker.identity.RequestSignatures.Header;
import io.claviger.broker.identity.RequestSignatures.Result;
import io.claviger.broker.identity.RequestSignatures.Signed;
import io.claviger.broker.identity.RequestSignatures.SignedRequest;
import io.claviger.broker.identity.SignatureV4Verifier;
import io.claviger.config.trust.AmzDate;
import io.claviger.config.trust.CanonicalRequest;
import io.claviger.config.trust.CredentialScope;
import io.claviger.config.trust.Sha256;
import io.claviger.config.trust.SignatureV4;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** AWS Signature Version 4 of a call that creates an association. */
@State(Scope.Benchmark)
public class SignatureBenchmark {

  private static final String SERVICE = "eks";
  private static final String DAY = "20260101";
  private static final AccessKey KEY =
      new AccessKey("platform", "CLAVIGEREXAMPLE", "s".repeat(40), null);

  private final SignatureV4Verifier verifier =
      new SignatureV4Verifier(() -> new AccessKeys(List.of(KEY)), () -> Samples.NOW);
  private final SignedRequest request = signed();

  @Benchmark
  public Result verify() {
    return verifier.verify(request, SERVICE);
  }

  private SignedRequest signed() {
    byte[] body =
        """
        {"namespace":"shop","serviceAccount":"checkout","roleArn":\
        "arn:aws:iam::123456789012:role/pods/checkout","clientRequestToken":"0f0f0f0f-1111"}\
        """
            .getBytes(UTF_8);
    AmzDate date = AmzDate.parse(DAY + "T000100Z");
    String path = "/clusters/local/pod-identity-associations";
    Map<String, String> headers =
        new TreeMap<>(
            Map.of(
                "content-type", "application/json",
                "host", "claviger.example",
                "x-amz-date", date.text()));
    CredentialScope scope = new CredentialScope(KEY.accessKeyId(), DAY, "eu-central-1", SERVICE);
    CanonicalRequest canonical =
        new CanonicalRequest(
            "POST",
            path,
            "",
            new TreeMap<>(
                headers.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())))),
            Sha256.hex(body));
    headers.put(
        "authorization",
        "%s Credential=%s/%s/eu-central-1/%s/aws4_request, SignedHeaders=%s, Signature=%s"
            .formatted(
                SignatureV4.ALGORITHM,
                KEY.accessKeyId(),
                DAY,
                SERVICE,
                String.join(";", canonical.headers().keySet()),
                SignatureV4.of(canonical, scope, date, KEY.secretAccessKey())));
    SignedRequest signed =
        new SignedRequest(
            "POST",
            path,
            "",
            headers.entrySet().stream()
                .map(header -> new Header(header.getKey(), header.getValue()))
                .toList(),
            body);
    if (!(verifier.verify(signed, SERVICE) instanceof Signed)) {
      throw new IllegalStateException("the signature of the sample request is invalid");
    }
    return signed;
  }
}
