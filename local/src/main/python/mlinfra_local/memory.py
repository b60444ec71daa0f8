"""Keeps settings that moto would forget, and refuses what it would take without looking.

moto takes them and shows defaults afterwards, which would make every read-back wrong: log group, dead-letter target and
others of a Lambda function, the EventBridge switch of a bucket. The qualifier of an asynchronous invocation's settings
must exist on AWS and the address of an identity provider must begin with https; moto does not look at either.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult
from moto.iam.exceptions import ValidationError
from moto.iam.models import OpenIDConnectProvider
from moto.s3.responses import S3Response

_KEPT = ("LoggingConfig", "DeadLetterConfig")

_moto_init = LambdaFunction.__init__
_moto_update = LambdaFunction.update_configuration
_moto_configuration = LambdaFunction.get_configuration
_moto_code = LambdaFunction.update_function_code
_moto_notification = S3Response.get_bucket_notification
_moto_validate_provider = OpenIDConnectProvider._validate


def _init(self: LambdaFunction, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
    _moto_init(self, account_id, spec, region, version)
    self.mlinfra_kept = {name: spec[name] for name in _KEPT if spec.get(name)}
    self.reserved_concurrency = spec.get("ReservedConcurrentExecutions")
    self.state = "Active"


def _update(self: LambdaFunction, updates: dict[str, Any]) -> dict[str, Any]:
    # A published version shares nothing with later updates.
    self.mlinfra_kept = {**self.mlinfra_kept, **{name: updates[name] for name in _KEPT if name in updates}}
    if "EphemeralStorage" in updates:
        self.ephemeral_storage = updates["EphemeralStorage"]["Size"]
    if "KMSKeyArn" in updates:
        self.kms_key_arn = updates["KMSKeyArn"]
    if "TracingConfig" in updates:
        self.tracing_config = updates["TracingConfig"]
    return _moto_update(self, updates)


def _configuration(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    configuration = _moto_configuration(self, on_create)
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    configuration["LoggingConfig"] = {**logging, **self.mlinfra_kept.get("LoggingConfig", {})}
    if self.mlinfra_kept.get("DeadLetterConfig"):
        configuration["DeadLetterConfig"] = self.mlinfra_kept["DeadLetterConfig"]
    return configuration


def _code(self: LambdaFunction, updates: dict[str, Any]) -> dict[str, Any]:
    if updates.get("Architectures"):
        self.architectures = updates["Architectures"]
    # moto changes the shared record of where the code came from; versions published before must keep theirs.
    self.code = dict(self.code)
    return _moto_code(self, updates)


class _UnknownQualifier(LambdaClientError):
    code = 404

    def __init__(self, function: str):
        super().__init__("ResourceNotFoundException", f"The function alias or version {function} does not exist")


def _with_existing_qualifier(original: Any) -> Any:
    def checked(self: LambdaResponse) -> Any:
        function = unquote(self.path.rsplit("/", 2)[1])
        qualifier = self._get_param("Qualifier")
        try:
            self.backend.get_function(function, qualifier)
        except UnknownFunctionException:
            raise _UnknownQualifier(f"{function}:{qualifier}" if qualifier else function) from None
        return original(self)

    return checked


def _notification(self: S3Response) -> Any:
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    others = configuration and (configuration.topic or configuration.queue or configuration.cloud_function)
    if configuration is None or configuration.event_bridge is None or others:
        return _moto_notification(self)
    self.data["Action"] = "GetBucketNotificationConfiguration"
    return self.serialized(ActionResult({"EventBridgeConfiguration": {}}))


def _validate_provider(self: OpenIDConnectProvider, url: str, thumbprints: list[str], clients: list[str]) -> None:
    _moto_validate_provider(self, url, thumbprints, clients)
    if not url.startswith("https://"):
        raise ValidationError("Invalid Open ID Connect Provider URL")


def install() -> None:
    """Must run before the first request."""
    LambdaFunction.__init__ = _init
    LambdaFunction.update_configuration = _update
    LambdaFunction.get_configuration = _configuration
    LambdaFunction.update_function_code = _code
    for method in ("put_function_event_invoke_config", "update_function_event_invoke_config"):
        setattr(LambdaResponse, method, _with_existing_qualifier(getattr(LambdaResponse, method)))
    S3Response.get_bucket_notification = _notification
    OpenIDConnectProvider._validate = _validate_provider
