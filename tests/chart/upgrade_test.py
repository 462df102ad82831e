"""An upgrade from any value set to any other changes no field that Kubernetes keeps as it was made: it would be refused, and the release
stuck half way."""

import itertools
import unittest

from tests.chart import helm

# What may change in a StatefulSet (since 1.27); everything else of its spec may not.
STATEFUL_SET_MAY = {"replicas", "template", "updateStrategy", "minReadySeconds", "persistentVolumeClaimRetentionPolicy", "revisionHistoryLimit", "ordinals"}


def immutable(thing: dict) -> dict:
    """The part of an object that an update may not touch."""
    spec = thing.get("spec", {})
    kind = thing["kind"]
    if kind == "StatefulSet":
        return {key: value for key, value in spec.items() if key not in STATEFUL_SET_MAY}
    if kind == "Deployment":
        return {"selector": spec["selector"]}
    if kind == "Service":
        # From a given address to none, or to a headless one, there is no way.
        return {"headless": spec.get("clusterIP") == "None"}
    if kind == "RoleBinding":
        return {"roleRef": thing["roleRef"]}
    if kind in ("Pod", "Job"):
        # Only a hook's may be made anew each time.
        return {"hook": "helm.sh/hook" in thing["metadata"].get("annotations", {}), "deleted": "before-hook-creation" in
                thing["metadata"].get("annotations", {}).get("helm.sh/hook-delete-policy", "")}
    if kind in ("ConfigMap", "Secret"):
        return {"immutable": thing.get("immutable", False)}
    return {}


def changes(before: list, after: list) -> list:
    old = {helm.identity(thing): thing for thing in before}
    return [(helm.identity(thing), immutable(old[helm.identity(thing)]), immutable(thing)) for thing in after
            if helm.identity(thing) in old and immutable(old[helm.identity(thing)]) != immutable(thing)]


class UpgradeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rendered = {values.name: helm.render(values) for values in helm.SETS}

    def test_all_pairs(self):
        self.assertEqual(len(self.rendered), 20)
        bad = []
        for (one, before), (other, after) in itertools.permutations(self.rendered.items(), 2):
            bad += [f"{one} -> {other}: {what}" for what in changes(before, after)]
        self.assertEqual(bad, [])

    def test_the_same_name_with_another_spec_would_be_seen(self):
        """Each field that Kubernetes keeps, changed."""
        before = helm.render({"mode": "gateway", "persistence": {"enabled": True}})
        for kind, key, value in (("StatefulSet", "serviceName", "other"), ("StatefulSet", "podManagementPolicy", "OrderedReady"), ("StatefulSet", "volumeClaimTemplates", []),
                                 ("StatefulSet", "selector", {}), ("Deployment", "selector", {}), ("Service", "clusterIP", "None")):
            with self.subTest(f"{kind} {key}"):
                after = helm.render({"mode": "gateway", "persistence": {"enabled": True}})
                next(thing for thing in after if thing["kind"] == kind)["spec"][key] = value
                self.assertEqual(len(changes(before, after)), 1)

    def test_what_changes_a_name_on_purpose(self):
        """Names of StatefulSets follow their claims, and nothing else."""
        def names(values):
            return {helm.identity(thing).name for thing in helm.render(values) if thing["kind"] == "StatefulSet"}
        disk = {"enabled": True, "size": "1Gi"}
        self.assertEqual(names({}), {"shop-tailrace"})
        self.assertNotEqual(names({"persistence": disk}), names({"persistence": {**disk, "size": "2Gi"}}))
        self.assertNotEqual(names({"persistence": disk}), names({"persistence": {**disk, "storageClassName": "fast"}}))
        self.assertEqual(names({"persistence": disk}), names({"persistence": {**disk, "whenScaled": "Delete"}, "minReadySeconds": 1, "podLabels": {"a": "b"}}))

    def test_objects_of_two_modes_with_one_name_select_different_pods(self):
        """From standalone to gateway and back: the address stays, pods of the one are never taken for pods of the other."""
        standalone, gateway = helm.render({}), helm.render({"mode": "gateway"})
        both = {helm.identity(thing) for thing in standalone} & {helm.identity(thing) for thing in gateway}
        self.assertEqual({each.name for each in both if each.kind == "Service"}, {"shop-tailrace", "shop-tailrace-metrics"})
        self.assertEqual({each.kind for each in both} & {"StatefulSet", "Deployment"}, set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
