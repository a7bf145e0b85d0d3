package io.claviger.broker.cli;

import io.claviger.schemas.event.CredentialEvent;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Selects the events that match all given options. */
final class EventFilter implements Predicate<RecordedEvent> {

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Only events of this namespace.")
  private @Nullable String namespace;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Only events of this service account.")
  private @Nullable String serviceAccount;

  @Option(names = "--pod", paramLabel = "NAME|UID", description = "Only events of this pod.")
  private @Nullable String pod;

  @Option(
      names = "--access-key-id",
      paramLabel = "ID",
      description = "Only events of the session with this access key id, as in CloudTrail.")
  private @Nullable String accessKeyId;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Only events with this reason, for example NO_ASSOCIATION or created.")
  private @Nullable String reason;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      converter = TypeName.class,
      description =
          "Only events of these types: delivered, credential.delivered, or the full name.")
  private List<String> types = List.of();

  @Override
  public boolean test(RecordedEvent event) {
    return is(namespace, event.text("namespace"))
        && is(serviceAccount, event.text("serviceAccount"))
        && (is(pod, event.text("podName")) || is(pod, event.text("podUid")))
        && is(accessKeyId, event.text("accessKeyId"))
        && is(reason, event.text("reason"))
        && (types.isEmpty() || types.stream().anyMatch(type -> isOfType(type, event)));
  }

  private static boolean is(@Nullable String wanted, String found) {
    return wanted == null || wanted.equals(found);
  }

  private static boolean isOfType(String wanted, RecordedEvent event) {
    return isNamed(wanted, event.event().getType());
  }

  private static boolean isNamed(String name, String type) {
    String called = RecordedEvent.shortType(type);
    return called.equals(name) || called.endsWith("." + name) || type.equals(name);
  }

  /** Rejects the name of an unknown type: its events would never come. */
  static final class TypeName implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      List<String> known =
          Stream.of(CredentialEvent.Type.values()).map(CredentialEvent.Type::text).toList();
      if (known.stream().noneMatch(type -> isNamed(name, type))) {
        throw new TypeConversionException(
            "unknown event type '%s'; the types are: %s"
                .formatted(
                    name,
                    known.stream()
                        .map(RecordedEvent::shortType)
                        .collect(Collectors.joining(", "))));
      }
      return name;
    }
  }
}
