package io.claviger.broker.ingress.api;

import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import java.util.Map;

/** AWS's error names and their HTTP status. */
final class ApiErrors {

  static final String ACCESS_DENIED = "AccessDeniedException";
  static final String EXPIRED = "ResourceExpiredException";
  static final String EXPIRED_TOKEN = "ExpiredTokenException";
  static final String INTERNAL = "InternalServerException";
  static final String INVALID_PARAMETER = "InvalidParameterException";
  static final String INVALID_REQUEST = "InvalidRequestException";
  static final String INVALID_TOKEN = "InvalidTokenException";
  static final String METHOD_NOT_ALLOWED = "MethodNotAllowedException";
  static final String NOT_FOUND = "ResourceNotFoundException";
  static final String SERVER = "ServerException";
  static final String THROTTLING = "ThrottlingException";
  static final String TOO_LARGE = "RequestEntityTooLargeException";
  static final String UNAVAILABLE = "ServiceUnavailableException";
  static final String UNKNOWN_OPERATION = "UnknownOperationException";

  /** The operations on tags have their own names for two errors. */
  static final String TAGS_INVALID = "BadRequestException";

  static final String TAGS_NOT_FOUND = "NotFoundException";

  private static final String TAGS = "/tags/";
  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERROR = 500;

  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          Map.entry(INVALID_PARAMETER, BAD_REQUEST),
          Map.entry(INVALID_REQUEST, BAD_REQUEST),
          Map.entry(TAGS_INVALID, BAD_REQUEST),
          Map.entry("ResourceLimitExceededException", BAD_REQUEST),
          Map.entry(EXPIRED_TOKEN, BAD_REQUEST),
          Map.entry(INVALID_TOKEN, BAD_REQUEST),
          Map.entry(ACCESS_DENIED, 403),
          Map.entry("MissingAuthenticationTokenException", 403),
          Map.entry("UnrecognizedClientException", 403),
          Map.entry("InvalidSignatureException", 403),
          Map.entry("IncompleteSignatureException", 403),
          Map.entry(NOT_FOUND, 404),
          Map.entry(TAGS_NOT_FOUND, 404),
          Map.entry(UNKNOWN_OPERATION, 404),
          Map.entry(METHOD_NOT_ALLOWED, 405),
          Map.entry("ResourceInUseException", 409),
          Map.entry(EXPIRED, 410),
          Map.entry("PreconditionFailedException", 412),
          Map.entry(TOO_LARGE, 413),
          Map.entry(THROTTLING, 429),
          Map.entry(SERVER, SERVER_ERROR),
          Map.entry(INTERNAL, SERVER_ERROR),
          Map.entry(UNAVAILABLE, 503));

  private ApiErrors() {}

  /** Returns the status of an error; 500 for an unknown name. */
  static int status(AwsService service, String code) {
    // As in the EKS Auth API's model.
    return service == AwsService.EKS_AUTH && code.equals(ACCESS_DENIED)
        ? BAD_REQUEST
        : STATUS.getOrDefault(code, SERVER_ERROR);
  }

  /** Whether the name of an error is known. */
  static boolean isKnown(String code) {
    return STATUS.containsKey(code);
  }

  /** Returns an error with its name in the API's model for the operations of a path. */
  static Failed asModelled(String rawPath, Failed failed) {
    if (!rawPath.startsWith(TAGS)) {
      return failed;
    }
    return switch (failed.code()) {
      case NOT_FOUND -> new Failed(TAGS_NOT_FOUND, failed.message());
      case INVALID_PARAMETER, INVALID_REQUEST -> new Failed(TAGS_INVALID, failed.message());
      default -> failed;
    };
  }

  static Failed invalid(String field, String problem) {
    return new Failed(INVALID_PARAMETER, field + ": " + problem);
  }

  static Failed unknownCluster(String cluster) {
    return new Failed(NOT_FOUND, "No cluster found for name: " + cluster);
  }

  static Failed unknownAssociation(String id) {
    return new Failed(NOT_FOUND, "No association found for id: " + id);
  }

  static Failed unknownArn(String arn) {
    return new Failed(NOT_FOUND, "No resource found for ARN: " + arn);
  }

  static Failed unknownPage() {
    return invalid("nextToken", "expired, or of another list: list again from the beginning");
  }

  static Failed notGranted(String missing) {
    return new Failed(ACCESS_DENIED, missing);
  }

  static Failed behind() {
    return unavailable("this broker has not caught up with the log yet: retry");
  }

  static Failed unavailable(String message) {
    return new Failed(UNAVAILABLE, message);
  }
}
