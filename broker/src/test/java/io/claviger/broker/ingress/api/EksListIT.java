package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.adapter.kafka.RunningKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksAsyncClient;

/** Pages of lists with AWS's SDK, over HTTP and a real log. */
final class EksListIT extends ApiCase {

  EksListIT(RunningKafka kafka) {
    super(kafka);
  }

  @Test
  void listsPageByPageWhatTheFiltersAndTheGrantsLetThrough() {
    for (int i = 0; i < 7; i++) {
      create("shop", "sa-" + i);
    }
    create("bank", "sa-1");
    create("shops", "sa-1");

    assertThat(paged(admin, null, null, 2))
        .containsExactly(
            "bank/sa-1",
            "shop/sa-0",
            "shop/sa-1",
            "shop/sa-2",
            "shop/sa-3",
            "shop/sa-4",
            "shop/sa-5",
            "shop/sa-6",
            "shops/sa-1");
    assertThat(paged(admin, "shop", null, 3)).hasSize(7).allMatch(key -> key.startsWith("shop/"));
    assertThat(paged(admin, null, "sa-1", 1))
        .containsExactly("bank/sa-1", "shop/sa-1", "shops/sa-1");
    assertThat(paged(admin, "shop", "sa-1", 1)).containsExactly("shop/sa-1");
    assertThat(paged(team, null, null, 3)).hasSize(7).allMatch(key -> key.startsWith("shop/"));
  }

  private List<String> paged(
      EksAsyncClient client,
      @Nullable String namespace,
      @Nullable String serviceAccount,
      int pageSize) {
    List<String> keys = new ArrayList<>();
    client
        .listPodIdentityAssociationsPaginator(
            r ->
                r.clusterName(cluster)
                    .namespace(namespace)
                    .serviceAccount(serviceAccount)
                    .maxResults(pageSize))
        .associations()
        .subscribe(each -> keys.add(each.namespace() + "/" + each.serviceAccount()))
        .join();
    return keys;
  }

  @Test
  void showsOnceWhatIsThereThroughoutAListWhileOthersComeAndGo() {
    List<String> steady = new ArrayList<>();
    for (int i = 10; i < 22; i++) {
      create("shop", "sa-" + i);
      steady.add("shop/sa-" + i);
    }
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !done.get(); i++) {
                String id = create("shop", "sa-" + (10 + i % 12) + "-passing").associationId();
                admin
                    .deletePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id))
                    .join();
              }
            });

    for (int i = 0; i < 10; i++) {
      assertThat(paged(admin, null, null, 2))
          .doesNotHaveDuplicates()
          .filteredOn(key -> !key.endsWith("-passing"))
          .containsExactlyElementsOf(steady);
    }
    done.set(true);
    writing.join();
  }
}
