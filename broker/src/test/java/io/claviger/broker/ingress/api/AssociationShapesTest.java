package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AssociationShapesTest {

  private final AssociationShapes shapes = new AssociationShapes(Samples.ARNS);

  @Test
  void writeEveryFieldOfAnAssociationInAwssForm() {
    ApiAnswer.Done one = shapes.one(Samples.association(null));

    assertThat(one.revision()).isEqualTo(3);
    assertThat(one.body().encode())
        .isEqualTo(
            "{\"association\":{\"clusterName\":\"c1\",\"namespace\":\"shop\","
                + "\"serviceAccount\":\"cart\",\"associationArn\":\""
                + Samples.ARN
                + "\",\"associationId\":\"a-abcdefghijklmnop1\",\"ownerArn\":null,"
                + "\"roleArn\":\"arn:aws-cn:iam::111122223333:role/reader\","
                + "\"tags\":{\"team\":\"one\"},\"createdAt\":1795521600.123,"
                + "\"modifiedAt\":1795521660.123,\"disableSessionTags\":false,"
                + "\"targetRoleArn\":null,\"externalId\":null,\"policy\":null}}");
  }

  @Test
  void nameTheExternalIdThatATargetRoleIsAskedWith() {
    JsonObject association =
        shapes
            .one(Samples.association("arn:aws-cn:iam::999999999999:role/there"))
            .body()
            .getJsonObject("association");

    assertThat(association.getString("externalId"))
        .isEqualTo("cn-north-1/111122223333/c1/shop/cart");
  }

  @Test
  void nameTheNamespaceWhoseObjectsOwnAnAssociation() {
    Association made = Samples.association(null);
    Association byObject =
        new Association(
            made.id(),
            made.cluster(),
            made.spec(),
            "namespace/shop",
            made.revision(),
            made.createdAt(),
            made.modifiedAt());

    JsonObject association = shapes.one(byObject).body().getJsonObject("association");

    assertThat(association.getString("ownerArn")).endsWith("cluster/c1/namespace/shop");
  }

  @Test
  void writeAPageOfSummariesAndSayWhereItGoesOn() {
    JsonObject last = shapes.page(List.of(Samples.association(null)), null).body();

    assertThat(last.containsKey("nextToken")).isTrue();
    assertThat(last.getString("nextToken")).isNull();
    assertThat(last.getJsonArray("associations").getJsonObject(0).fieldNames())
        .containsExactly(
            "clusterName",
            "namespace",
            "serviceAccount",
            "associationArn",
            "associationId",
            "ownerArn");
    assertThat(shapes.page(List.of(), "more").body().getString("nextToken")).isEqualTo("more");
  }
}
