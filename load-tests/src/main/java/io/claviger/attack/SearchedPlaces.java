package io.claviger.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.schemas.association.Topics;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Everything that a mesh has written or returns to its clients, in its present state. */
final class SearchedPlaces {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Set<PosixFilePermission> FOR_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private final LocalMesh mesh;

  /**
   * A place.
   *
   * @param name of the place
   * @param bytes its whole content
   * @param planted a text without a secret that must be found, as proof that the search works
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Place(String name, byte[] bytes, String planted) {}

  SearchedPlaces(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /**
   * All places except heaps.
   *
   * @param accessKeyId a served key, which is in the audit stream
   * @param role of an association
   */
  List<Place> all(String accessKeyId, String role) {
    List<Place> places = new ArrayList<>(logs());
    places.add(
        new Place("files that others may read", readableByOthers(), Topics.CREDENTIAL_EVENTS));
    places.add(new Place("events", events(), accessKeyId));
    places.add(new Place("commands", topic(Topics.COMMANDS), role));
    places.add(new Place("changes", topic(Topics.CHANGES), role));
    places.add(
        new Place("outcomes", topic(Topics.OUTCOMES), mesh.options().cluster().name() + "/"));
    for (BrokerMember broker : mesh.brokers()) {
      places.add(metrics(broker.member().name(), broker.metrics()));
      places.add(new Place("API of " + broker.member().name(), api(broker), role));
    }
    mesh.edges().forEach(edge -> places.add(metrics(edge.member().name(), edge.metrics())));
    return places;
  }

  /** The audit stream. */
  byte[] events() {
    return topic(Topics.CREDENTIAL_EVENTS);
  }

  /** Each log with a text that only this process writes. */
  private List<Place> logs() {
    List<Place> logs = new ArrayList<>();
    logs.add(log(mesh.kafka(), Topics.CREDENTIAL_EVENTS));
    for (BrokerMember broker : mesh.brokers()) {
      logs.add(log(broker.member(), "cluster=\"" + mesh.options().cluster().name() + "\""));
    }
    mesh.edges().forEach(edge -> logs.add(log(edge.member(), edge.listen().toString())));
    return logs;
  }

  private static Place log(Member member, String planted) {
    return new Place("log of " + member.name(), read(member.logFile()), planted);
  }

  private byte[] readableByOthers() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      Files.walkFileTree(mesh.options().directory(), new ReadableByOthers(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toByteArray();
  }

  /**
   * Files come and go during the walk: Kafka's, and those that are written beside their old text.
   */
  private static final class ReadableByOthers extends SimpleFileVisitor<Path> {

    private final ByteArrayOutputStream all;

    ReadableByOthers(ByteArrayOutputStream all) {
      this.all = all;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        if (attributes.isRegularFile()
            && Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)) {
          all.writeBytes(Files.readAllBytes(file));
        }
      } catch (NoSuchFileException e) {
        // A file that no longer exists cannot be read.
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure == null || failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }

  private static Place metrics(String member, URI address) {
    return new Place("metrics of " + member, get(address.toString()).body(), "claviger_");
  }

  /**
   * A plain request.
   *
   * @throws UncheckedIOException when there is no answer
   */
  static HttpResponse<byte[]> get(String address) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while waiting for " + address, e);
    }
  }

  /** All records of a topic, with keys and headers. */
  private byte[] topic(String name) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (KafkaConsumer<byte[], byte[]> kafka =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", mesh.bootstrapServers(), "allow.auto.create.topics", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          kafka.partitionsFor(name).stream()
              .map(info -> new TopicPartition(name, info.partition()))
              .toList();
      kafka.assign(partitions);
      kafka.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
      long late = System.nanoTime() + TIMEOUT.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> kafka.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() - late > 0) {
          throw new MeshException("Kafka does not return all records of " + name);
        }
        kafka.poll(POLL).forEach(record -> write(record, all));
      }
    }
    return all.toByteArray();
  }

  private static void write(ConsumerRecord<byte[], byte[]> record, ByteArrayOutputStream all) {
    writeIfPresent(record.key(), all);
    record
        .headers()
        .forEach(
            header -> {
              all.writeBytes(header.key().getBytes(UTF_8));
              writeIfPresent(header.value(), all);
            });
    writeIfPresent(record.value(), all);
  }

  private static void writeIfPresent(byte @Nullable [] bytes, ByteArrayOutputStream all) {
    if (bytes != null) {
      all.writeBytes(bytes);
    }
  }

  /** The API's unchanged answers on all associations, for an operator. */
  private byte[] api(BrokerMember broker) {
    ApiCaller admin = ApiCaller.admin(mesh, broker);
    String list = admin.path("/pod-identity-associations");
    StringBuilder all = new StringBuilder(answer(admin, admin.path("")).body());
    String next = "";
    do {
      HttpReply.Answered page = answer(admin, list + (next.isEmpty() ? "" : "?nextToken=" + next));
      all.append(page.body());
      page.list("associations").stream()
          .map(association -> ((JsonObject) association).getString("associationId"))
          .forEach(id -> all.append(answer(admin, list + "/" + id).body()));
      next = page.field("nextToken");
    } while (!next.isEmpty());
    return all.toString().getBytes(ISO_8859_1);
  }

  private static HttpReply.Answered answer(ApiCaller caller, String path) {
    HttpReply reply = caller.call(ApiRequest.get(path));
    if (reply instanceof HttpReply.Answered answered && answered.status() == 200) {
      return answered;
    }
    throw new MeshException(path + " was answered " + reply);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
