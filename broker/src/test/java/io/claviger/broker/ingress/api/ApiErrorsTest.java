package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "InvalidParameterException,400",
    "InvalidRequestException,400",
    "ResourceLimitExceededException,400",
    "AccessDeniedException,403",
    "MissingAuthenticationTokenException,403",
    "UnrecognizedClientException,403",
    "InvalidSignatureException,403",
    "IncompleteSignatureException,403",
    "ResourceNotFoundException,404",
    "ResourceInUseException,409",
    "PreconditionFailedException,412",
    "RequestEntityTooLargeException,413",
    "ThrottlingException,429",
    "ServerException,500",
    "ServiceUnavailableException,503",
    "SomethingNobodyKnows,500"
  })
  void haveTheStatusThatEksGivesThem(String code, int status) {
    assertThat(ApiErrors.status(AwsService.EKS, code)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "AccessDeniedException,400",
    "ExpiredTokenException,400",
    "InvalidTokenException,400",
    "InvalidSignatureException,403",
    "ResourceNotFoundException,404",
    "InternalServerException,500"
  })
  void haveTheStatusThatEksAuthGivesThem(String code, int status) {
    assertThat(ApiErrors.status(AwsService.EKS_AUTH, code)).isEqualTo(status);
  }
}
