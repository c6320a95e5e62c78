"""AWS's models as botocore has them."""

import copy
import json
from functools import lru_cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel


class Models:
    """The models of the services, by the names that the emulator has for them."""

    def __init__(self, names: dict) -> None:
        self._names = names
        self._loader = Loader()

    def operation(self, service: str, operation: str, further_members: dict | None = None) -> OperationModel:
        """One operation, also of a service whose structures have further members than the model says."""
        further = json.dumps(further_members or {}) if service == "ecs" else "{}"
        return self._service(service, further).operation_model(operation)

    @lru_cache(maxsize=None)
    def _service(self, service: str, further: str) -> ServiceModel:
        model = copy.deepcopy(self._loader.load_service_model(self._names[service], "service-2"))
        for name, members in json.loads(further).items():
            shape = model["shapes"].setdefault(name, {"type": "structure", "members": {}})
            shape["members"].update({member: {"shape": target} for member, target in members.items()})
        return ServiceModel(model, self._names[service])
