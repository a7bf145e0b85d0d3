package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssociationArnsTest {

  @Test
  void readWhatTheyWrite() {
    String arn = Samples.ARNS.of(Samples.association(null));

    assertThat(arn).isEqualTo(Samples.ARN);
    assertThat(Samples.ARNS.parse(arn)).contains(new AssociationArns.Named("c1", Samples.ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:eks:cn-north-1:111122223333:podidentityassociation/c1/a-1",
        "arn:aws-cn:eks:cn-north-2:111122223333:podidentityassociation/c1/a-1",
        "arn:aws-cn:eks:cn-north-1:999922223333:podidentityassociation/c1/a-1",
        "arn:aws-cn:eks:cn-north-1:111122223333:podidentityassociation/c2/a-1",
        "arn:aws-cn:eks:cn-north-1:111122223333:podidentityassociation/c1",
        "arn:aws-cn:eks:cn-north-1:111122223333:podidentityassociation/c1/a-1/more",
        "arn:aws-cn:eks:cn-north-1:111122223333:cluster/c1",
        "a-1"
      })
  void knowNoOtherPartitionRegionAccountClusterOrResource(String arn) {
    assertThat(Samples.ARNS.parse(arn)).isEmpty();
  }
}
