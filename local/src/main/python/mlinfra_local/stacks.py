"""The CloudFormation engine.

moto parses templates, resolves functions and answers the API; this module decides what is made, changed, replaced and
deleted, in which order, and what happens when something fails. Stack operations run to their end inside the API call;
a failure shows in the stack's status and events, as on AWS. While IAM is enforced, resources are made under the stack's
role, or with the permissions of whoever calls when it has none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
from moto.cloudformation import models as moto_models
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import Export, ResourceMap, clean_json
from moto.cloudformation.responses import CloudFormationResponse
from moto.ssm import ssm_backends

from . import authorization, sessions, template_check
from .emulator_api import API
from .resource_type import Place, ResourceType

log = logging.getLogger("mlinfra.cloudformation")

# Types that CloudFormation cannot put into order by their properties: a Qualifier is the plain name of an alias.
NAMES_WITHOUT_REFERENCE = frozenset({"AWS::Lambda::EventInvokeConfig"})

# The real service works on stacks side by side; one at a time keeps exports and imports consistent here.
_one_at_a_time = threading.RLock()


class DeployedResource:
    """One resource of a stack. The attribute names are those that moto's answers read."""

    def __init__(self, logical_id: str, resource_type: ResourceType, properties: dict[str, Any], place: Place):
        self.logical_resource_id = logical_id
        self.resource_type = resource_type
        self.cf_resource_type = resource_type.name
        self.properties = properties
        self.place = place
        self.physical_resource_id = ""
        self.deletion_policy = "Delete"
        self.attributes: dict[str, Any] = {}

    def create(self) -> None:
        self.physical_resource_id = self.resource_type.create(self.place, self.properties)
        self.attributes = self.resource_type.attributes(self.place, self.physical_resource_id, self.properties)

    def update(self, properties: dict[str, Any]) -> None:
        before = self.properties
        self.resource_type.update(self.place, self.physical_resource_id, before, properties)
        self.properties = properties
        self.attributes = self.resource_type.attributes(self.place, self.physical_resource_id, properties)

    def delete(self) -> None:
        self.resource_type.delete(self.place, self.physical_resource_id, self.properties)

    def get_cfn_attribute(self, name: str) -> Any:
        if name not in self.attributes:
            known = ", ".join(sorted(self.attributes)) or "none"
            raise ValidationError(
                message=f"{self.logical_resource_id} ({self.cf_resource_type}) has no attribute {name} in the embedded"
                f" AWS; it has: {known}"
            )
        return self.attributes[name]


class StackResources(ResourceMap):
    """The resources of one stack, by logical id. Functions in the template are resolved by moto against this map."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.deployed: dict[str, DeployedResource] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self.deployed:
            return self.deployed[key]
        return self._parsed_resources[key]

    @property
    def resources(self) -> Iterable[str]:
        return list(self.deployed)

    def __len__(self) -> int:
        return len(self.deployed)

    def validate_outputs(self) -> None:
        """Outputs are resolved after the resources, inside the operation, and fail there."""

    def parse_ssm_parameter(self, value: str, value_type: str) -> Any:
        if ssm_backends[self._account_id][self._region_name].get_parameter(value) is None:
            raise ValidationError(
                message=f"Unable to fetch parameters [{value}] from parameter store for this account."
                " A stack that uses CDK assets needs `cdk bootstrap` first."
            )
        return super().parse_ssm_parameter(value, value_type)

    def use(self, template: dict[str, Any], parameters: dict[str, Any], tags: dict[str, str]) -> None:
        """Takes another template and parameters and keeps what is deployed."""
        self._template = template
        self._resource_json_map = template.get("Resources", {})
        self.input_parameters = parameters
        self.tags = dict(tags)
        self.resolved_parameters = {}
        self.load()

    def wanted(self) -> list[str]:
        """The logical ids to deploy, each after those that it refers to."""
        ordered: list[str] = []
        state: dict[str, str] = {}

        def visit(logical_id: str, path: tuple[str, ...]) -> None:
            if state.get(logical_id) == "done":
                return
            if logical_id in path:
                circle = " -> ".join([*path[path.index(logical_id) :], logical_id])
                raise ValidationError(message=f"Circular dependency between resources: {circle}")
            for needed in self._references(self._resource_json_map[logical_id]):
                visit(needed, (*path, logical_id))
            state[logical_id] = "done"
            ordered.append(logical_id)

        for logical_id in self._eager_first():
            condition = self._resource_json_map[logical_id].get("Condition")
            if condition is None or self.lazy_condition_map[condition]:
                visit(logical_id, ())
        return [i for i in ordered if self._is_wanted(i)]

    def _eager_first(self) -> list[str]:
        """All logical ids in an order that shows a missing DependsOn.

        The service makes what needs nothing else side by side, in no order to rely on. Templates mostly have what is
        needed first, so this goes through them from the end, and first of all through the types that name what they
        need by a text which is no reference.
        """
        backwards = list(reversed(self._resource_json_map))
        return sorted(backwards, key=lambda i: self._resource_json_map[i].get("Type") not in NAMES_WITHOUT_REFERENCE)

    def _is_wanted(self, logical_id: str) -> bool:
        condition = self._resource_json_map[logical_id].get("Condition")
        return condition is None or bool(self.lazy_condition_map[condition])

    def _references(self, value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from self._references(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "Fn::If":
                    yield from self._references(item[1] if self.lazy_condition_map[item[0]] else item[2])
                elif key == "Ref":
                    yield from self._known([item])
                elif key == "Fn::GetAtt":
                    yield from self._known([item.split(".")[0] if isinstance(item, str) else item[0]])
                elif key == "DependsOn":
                    yield from self._known(item if isinstance(item, list) else [item])
                elif key == "Fn::Sub":
                    text = item if isinstance(item, str) else item[0]
                    yield from self._known(part.split("}")[0].split(".")[0] for part in text.split("${")[1:])
                    yield from self._references([] if isinstance(item, str) else item[1])
                else:
                    yield from self._references(item)

    def _known(self, names: Iterable[str]) -> Iterator[str]:
        return (name for name in names if name in self._resource_json_map)

    def resolved(self, logical_id: str) -> dict[str, Any]:
        """The properties with all functions resolved and absent values left out."""
        return _without_absent(clean_json(self._resource_json_map[logical_id].get("Properties") or {}, self))

    def deletion_policy(self, logical_id: str, key: str) -> str:
        return self._resource_json_map[logical_id].get(key, "Delete")

    def resource_type(self, logical_id: str) -> ResourceType:
        return TYPES[self._resource_json_map[logical_id]["Type"]]


class EmulatedStack(Stack):
    """A stack with create, update and delete as the real service does them: with rollback."""

    # moto takes a class's service from the name of its module.
    __module__ = "moto.cloudformation.models"

    # As resolved at the end of the last operation: the resources may be gone when someone asks.
    resolved_outputs: list[dict[str, Any]] | None = None
    resolved_exports: dict[str, Export] = {}

    def place(self, logical_id: str) -> Place:
        return Place(self.account_id, self.region_name, self.name, logical_id)

    def _create_resource_map(self) -> StackResources:
        return StackResources(
            self.stack_id,
            self.name,
            self.parameters,
            self.tags,
            account_id=self.account_id,
            region_name=self.region_name,
            template=self.template_dict,
            cross_stack_resources=self.cross_stack_resources,
        )

    def event(self, resource: DeployedResource, status: str, reason: str | None = None) -> None:
        self.events.append(
            Event(
                stack_id=self.stack_id,
                stack_name=self.name,
                logical_resource_id=resource.logical_resource_id,
                physical_resource_id=resource.physical_resource_id,
                resource_type=resource.cf_resource_type,
                resource_status=status,
                resource_status_reason=reason,
                resource_properties=None,
            )
        )

    def to(self, status: str, reason: str | None = None) -> None:
        self.status = status
        self.stack_status_reason = reason
        self._add_stack_event(status, resource_status_reason=reason)
        log.info("stack %s: %s%s", self.name, status, f" ({reason})" if reason else "")

    def create_resources(self) -> None:
        self.to("CREATE_IN_PROGRESS", "User Initiated")
        self._deploy("CREATE", "ROLLBACK")

    def replace_template(self, template: str, parameters: dict[str, Any], tags: dict[str, str] | None) -> None:
        """An update. On failure everything is as it was before, template and parameters included."""
        before = (self.template, self.template_dict, self.parameters, self.tags)
        self.to("UPDATE_IN_PROGRESS", "User Initiated")
        self.template, self.parameters = template, parameters
        self.tags = self.tags if tags is None else tags
        self._parse_template()
        if not self._deploy("UPDATE", "UPDATE_ROLLBACK"):
            self.template, self.template_dict, self.parameters, self.tags = before
            self.resource_map.use(self.template_dict, self.parameters, self.tags)
            self._read_outputs()

    def _deploy(self, operation: str, rollback: str) -> bool:
        undo: list[Callable[[], None]] = []
        cleanup: list[tuple[DeployedResource, str]] = []
        try:
            self.resource_map.use(self.template_dict, self.parameters, self.tags)
            self.description = self.template_dict.get("Description")
            wanted = self.resource_map.wanted()
            for logical_id in wanted:
                self._bring_about(logical_id, undo, cleanup)
            for logical_id in [i for i in self.resource_map.deployed if i not in wanted]:
                resource = self.resource_map.deployed.pop(logical_id)
                undo.append(lambda r=resource: self._put_back(r))
                cleanup.append((resource, resource.deletion_policy))
            self._read_outputs()
            self._check_exports()
        except Exception as problem:
            reason = _message(problem)
            log.warning("stack %s: %s failed: %s", self.name, operation.lower(), reason, exc_info=True)
            self.to(f"{rollback}_IN_PROGRESS", reason)
            failures = [f for f in map(_attempt, reversed(undo)) if f]
            if failures:
                self.to(f"{rollback}_FAILED", "; ".join(failures))
            else:
                self.to(f"{rollback}_COMPLETE", reason)
            return False
        for resource, policy in reversed(cleanup):
            # The update is complete; what could not be deleted shows in the events, as on AWS.
            _attempt(lambda r=resource, p=policy: self._delete_unless_retained(r, p))
        self.to(f"{operation}_COMPLETE")
        return True

    def _bring_about(self, logical_id: str, undo: list[Callable[[], None]], cleanup: list[Any]) -> None:
        """Creates, updates, replaces or leaves alone one resource."""
        resources = self.resource_map
        resource_type = resources.resource_type(logical_id)
        current = resources.deployed.get(logical_id)
        candidate = DeployedResource(logical_id, resource_type, {}, self.place(logical_id))
        started = "CREATE"
        try:
            candidate.properties = resources.resolved(logical_id)
            candidate.deletion_policy = resources.deletion_policy(logical_id, "DeletionPolicy")
            if current is not None and current.resource_type is resource_type:
                if current.properties == candidate.properties:
                    current.deletion_policy = candidate.deletion_policy
                    return
                if not resource_type.is_replaced(current.properties, candidate.properties):
                    started = "UPDATE"
                    old, old_policy = current.properties, current.deletion_policy
                    self.event(current, "UPDATE_IN_PROGRESS")

                    def restore() -> None:
                        # What the failed update got done is unknown, so it goes back from the new properties.
                        current.properties = candidate.properties
                        current.deletion_policy = old_policy
                        current.update(old)

                    undo.append(restore)
                    current.update(candidate.properties)
                    current.deletion_policy = candidate.deletion_policy
                    self.event(current, "UPDATE_COMPLETE")
                    return
            self.event(candidate, "CREATE_IN_PROGRESS")
            candidate.create()
        except Exception as problem:
            failed = current if started == "UPDATE" else candidate
            self.event(failed, f"{started}_FAILED", _message(problem))
            raise ResourceFailure(f"{logical_id} ({resource_type.name}): {_message(problem)}") from problem
        if current is not None:
            policy = resources.deletion_policy(logical_id, "UpdateReplacePolicy")
            cleanup.append((current, policy))
            undo.append(lambda: self._put_back(current))
        undo.append(lambda: self._forget(candidate))
        resources.deployed[logical_id] = candidate
        self.event(candidate, "CREATE_COMPLETE")

    def _put_back(self, resource: DeployedResource) -> None:
        self.resource_map.deployed[resource.logical_resource_id] = resource

    def _forget(self, resource: DeployedResource) -> None:
        # A resource that this operation made goes even if it is retained later: AWS keeps only what was once complete.
        resource.delete()
        if self.resource_map.deployed.get(resource.logical_resource_id) is resource:
            del self.resource_map.deployed[resource.logical_resource_id]
        self.event(resource, "DELETE_COMPLETE")

    def _delete_unless_retained(self, resource: DeployedResource, policy: str) -> None:
        if policy != "Delete":
            self.event(resource, "DELETE_SKIPPED")
            return
        self.event(resource, "DELETE_IN_PROGRESS")
        try:
            resource.delete()
        except Exception as problem:
            self.event(resource, "DELETE_FAILED", _message(problem))
            raise ResourceFailure(
                f"{resource.logical_resource_id} ({resource.cf_resource_type}): {_message(problem)}"
            ) from problem
        self.event(resource, "DELETE_COMPLETE")

    def _read_outputs(self) -> None:
        self.output_map = self._create_output_map()
        self.resolved_exports = {export.name: export for export in self.output_map.exports}
        names = {key: value["Export"]["Name"] for key, value in self._declared_outputs() if "Export" in value}
        self.resolved_outputs = [
            {
                "OutputKey": output.key,
                "OutputValue": output.value,
                "Description": output.description,
                "ExportName": clean_json(names.get(output.key), self.resource_map),
            }
            for output in self.output_map.values()
            if output is not None
        ]

    def _declared_outputs(self) -> Iterable[tuple[str, dict[str, Any]]]:
        return (self.template_dict.get("Outputs") or {}).items()

    @property
    def outputs(self) -> list[dict[str, Any]] | None:
        return self.resolved_outputs or None

    @property
    def exports(self) -> list[Export]:
        return list(self.resolved_exports.values())

    def _check_exports(self) -> None:
        backend = cloudformation_backends[self.account_id][self.region_name]
        for other in backend.stacks.values():
            if other is self:
                continue
            for name in self.resolved_exports:
                if name in other.resolved_exports:
                    raise ValidationError(message=f"Export with name {name} is already exported by stack {other.name}")
        lost = backend.exports_of(self).keys() - self.resolved_exports.keys()
        changed = {
            name
            for name, export in backend.exports_of(self).items()
            if name in self.resolved_exports and self.resolved_exports[name].value != export.value
        }
        for name in sorted(lost | changed):
            users = backend.importers(name, self)
            if users:
                verb = "deleted" if name in lost else "updated"
                raise ValidationError(message=f"Export {name} cannot be {verb} as it is in use by {', '.join(users)}")

    def imports(self) -> set[str]:
        """The names of the exports that this stack uses."""
        return {str(clean_json(value, self.resource_map)) for value in _imports(self.template_dict)}

    def delete(self) -> None:
        self.to("DELETE_IN_PROGRESS", "User Initiated")
        order = list(self.resource_map.deployed)
        try:
            for logical_id in reversed(order):
                resource = self.resource_map.deployed[logical_id]
                self._delete_unless_retained(resource, resource.deletion_policy)
                del self.resource_map.deployed[logical_id]
        except ResourceFailure as problem:
            self.to("DELETE_FAILED", str(problem))
            raise
        self.to("DELETE_COMPLETE")


class ResourceFailure(Exception):
    """A resource could not be made, changed or deleted."""


class EmulatedCloudFormation(CloudFormationBackend):
    """moto's CloudFormation with our engine below it."""

    __module__ = "moto.cloudformation.models"

    def create_stack(self, name: str, template: str, parameters: dict[str, Any], **options: Any) -> Stack:
        with _one_at_a_time:
            if any(stack.name == name for stack in self.stacks.values()):
                raise moto_models.AlreadyExistsException(f"Stack [{name}] already exists")
            self._check(name, template)
            stack = self._new_stack(name, template, parameters, **options)
            with _working_under(stack.role_arn):
                self._load(stack)
                self.stacks[stack.stack_id] = stack
                stack.create_resources()
            self._publish_exports(stack)
            return stack

    def update_stack(
        self,
        name: str,
        template: str,
        role_arn: str | None,
        parameters: list[dict[str, Any]],
        tags: dict[str, str] | None,
    ) -> Stack:
        with _one_at_a_time:
            stack = self.get_stack(name)
            self._check(stack.name, template)
            resolved = self._resolve_update_parameters(stack, parameters)
            if (
                stack.template_dict == stack.parse_template(template)
                and stack.parameters == resolved
                and (tags is None or tags == stack.tags)
            ):
                raise ValidationError(message="No updates are to be performed.")
            # A stack keeps its role until it gets another one.
            role = role_arn or stack.role_arn
            with _working_under(role):
                stack.role_arn = role
                stack.replace_template(template, resolved, tags)
            self._publish_exports(stack)
            return stack

    def delete_stack(self, name_or_stack_id: str) -> None:
        with _one_at_a_time:
            stack = next(
                (s for s in self.stacks.values() if name_or_stack_id in (s.name, s.stack_id)),
                None,
            )
            if stack is None:
                return
            for name in self.exports_of(stack):
                users = self.importers(name, stack)
                if users:
                    raise ValidationError(message=f"Export {name} cannot be deleted as it is in use by {', '.join(users)}")
            try:
                with _working_under(stack.role_arn):
                    stack.delete()
            except ResourceFailure:
                # The stack stays, with its status and reason, as on AWS.
                return
            for name in list(self.exports_of(stack)):
                del self.exports[name]
            del self.stacks[stack.stack_id]
            self.deleted_stacks[stack.stack_id] = stack

    def create_change_set(self, stack_name: str, change_set_name: str, template: str, **options: Any) -> tuple[str, str]:
        with _one_at_a_time, _working_under(options.get("role_arn")):
            self._check(stack_name, template)
            return super().create_change_set(stack_name, change_set_name, template, **options)

    def execute_change_set(self, change_set_name: str, stack_name: str | None = None) -> None:
        with _one_at_a_time:
            change_set = self.describe_change_set(change_set_name)
            stack = self.stacks[change_set.stack_id]
            role = change_set.role_arn or stack.role_arn
            with _working_under(role):
                stack.role_arn = role
                change_set.execution_status = "EXECUTE_COMPLETE"
                if change_set.change_set_type == "CREATE":
                    stack.template, stack.parameters = change_set.template, change_set.parameters
                    stack.tags = change_set.tags or {}
                    stack._parse_template()
                    stack.create_resources()
                else:
                    stack.replace_template(change_set.template, change_set.parameters, change_set.tags)
            self._publish_exports(stack)

    def delete_change_set(self, change_set_name: str) -> None:
        # AWS answers the deletion of an unknown change set with success.
        self.change_sets = {
            key: value
            for key, value in self.change_sets.items()
            if change_set_name not in (key, value.change_set_name)
        }

    def exports_of(self, stack: Stack) -> dict[str, Any]:
        return {n: e for n, e in self.exports.items() if e.exporting_stack_id == stack.stack_id}

    def importers(self, export_name: str, exporter: Stack) -> list[str]:
        """The stacks that use an export."""
        return [s.name for s in self.stacks.values() if s is not exporter and export_name in s.imports()]

    def _check(self, stack_name: str, template: str) -> None:
        found = template_check.problems(Stack.parse_template(template), TYPES)
        if found:
            raise ValidationError(
                message=f"Stack {stack_name}: the embedded AWS does not know it: " + "; ".join(found)
            )

    def _new_stack(self, name: str, template: str, parameters: dict[str, Any], **options: Any) -> EmulatedStack:
        return EmulatedStack(
            stack_id=moto_models.generate_stack_id(name, self.region_name, self.account_id),
            name=name,
            template=template,
            parameters=parameters,
            account_id=self.account_id,
            region_name=self.region_name,
            cross_stack_resources=self.exports,
            **options,
        )

    @staticmethod
    def _load(stack: EmulatedStack) -> None:
        # Parameters are checked before the stack exists, so that a missing one is an answer and not a rollback.
        stack.resource_map.use(stack.template_dict, stack.parameters, stack.tags)

    def _publish_exports(self, stack: EmulatedStack) -> None:
        for name in list(self.exports_of(stack)):
            del self.exports[name]
        if stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
            self.exports.update(stack.resolved_exports)

    def _resolve_update_parameters(self, instance: Any, incoming_params: list[dict[str, Any]]) -> dict[str, Any]:
        # A parameter that has had only its default is no part of the stack's parameters: the default then stays.
        resolved = {}
        for parameter in incoming_params:
            key = parameter["ParameterKey"]
            if parameter.get("UsePreviousValue"):
                if key in instance.parameters:
                    resolved[key] = instance.parameters[key]
            else:
                resolved[key] = parameter["ParameterValue"]
        return resolved


@contextmanager
def _working_under(role_arn: str | None) -> Iterator[None]:
    """Makes resources under a role that CloudFormation may take on, or as the caller."""
    key = None
    if role_arn:
        key = sessions.of_service(role_arn, "cloudformation.amazonaws.com")
        if key is None:
            raise ValidationError(message=f"Role {role_arn} is invalid or cannot be assumed")
    if not authorization.is_enforced():
        yield
        return
    with API.acting_as(key or sessions.of_caller(flask.request.headers)):
        yield


def _delete_stack(response: CloudFormationResponse) -> Any:
    """moto's own, which does not read the role."""
    role_arn = response._get_param("RoleARN")
    for stack in response.cloudformation_backend.stacks.values():
        if role_arn and response._get_param("StackName") in (stack.name, stack.stack_id):
            stack.role_arn = role_arn
    return _moto_delete_stack(response)


_moto_delete_stack = CloudFormationResponse.delete_stack


def _imports(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if "Fn::ImportValue" in value:
            yield value["Fn::ImportValue"]
        for item in value.values():
            yield from _imports(item)
    elif isinstance(value, list):
        for item in value:
            yield from _imports(item)


def _without_absent(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_absent(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_absent(item) for item in value if item is not None]
    return value


def _attempt(action: Callable[[], None]) -> str | None:
    try:
        action()
    except Exception as problem:
        log.exception("rollback")
        return _message(problem)
    return None


def _message(problem: Exception) -> str:
    return getattr(problem, "message", None) or str(problem) or type(problem).__name__


TYPES: dict[str, ResourceType] = {}


def install(types: dict[str, ResourceType]) -> None:
    """Puts the engine below moto's CloudFormation API. Must run before the first request."""
    TYPES.update(types)
    cloudformation_backends.backend = EmulatedCloudFormation
    # Change sets make their stacks through this name.
    moto_models.Stack = EmulatedStack
    CloudFormationResponse.delete_stack = _delete_stack
