"""Values that cannot work are refused before anything is installed, and the message names the key."""

import unittest

from tests.chart import helm


def at(path: str, value) -> dict:
    """{"a": {"b": value}} of a.b."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


# A value of the wrong type for one key of each kind.
WRONG_TYPES = [
    ("mode", "sidecar"), ("mode", 1), ("replicaCount", "three"), ("replicaCount", -1), ("replicaCount", 1.5), ("nameOverride", 7), ("image.pullPolicy", "Sometimes"),
    ("image.digest", "abc"), ("image.repository", ""), ("imagePullSecrets", "registry"), ("config", "receivers: {}"), ("config.receivers", ["otlp"]),
    ("config.service.extensions", "health_check"), ("config.service.pipelines", []), ("config.receivers.otlp", "yes"), ("resources.limits", "1Gi"),
    ("resources.limits.memory", "lots"), ("resources.limits.memory", [1]), ("resources.request", {}), ("memoryReserveMib", "128Mi"), ("persistence.enabled", "yes"),
    ("persistence.size", "big"), ("persistence.accessModes", "ReadWriteOnce"), ("persistence.whenScaled", "Keep"), ("tls.enabled", "true"), ("tls.reloadInterval", 60),
    ("basicAuth.key", ""), ("router.resolver.type", "static"), ("router.resolver.interval", "soon"), ("router.autoscaling.enabled", 1), ("router.autoscaling.minReplicas", 0),
    ("router.autoscaling.targetCPUUtilizationPercentage", "80%"), ("router.replicaCount", "2"), ("router.mode", "gateway"), ("router.config.exporters", []),
    ("preStopSeconds", "5s"), ("terminationGracePeriodSeconds", -1), ("minReadySeconds", True), ("livenessProbe.periodSeconds", 0), ("readinessProbe", []),
    ("ports.otlp.containerPort", 70000), ("ports.otlp.enabled", "no"), ("ports.jaeger", {}), ("service.type", "ExternalName"), ("service.loadBalancerSourceRanges", "10.0.0.0/8"),
    ("podDisruptionBudget.minAvailable", "half"), ("topologySpreadConstraints", {}), ("nodeSelector.disk", True), ("tolerations", {}), ("networkPolicy.allowIngressFrom", {}),
    ("serviceMonitor.enabled", "yes"), ("serviceMonitor.extraLabels", []), ("prometheusRule.groups", {}), ("extraEnvs", {}), ("extraVolumes", "none"), ("podAnnotations.a", 1),
    ("command.extraArgs", "--set=a=b"), ("extraManifests", {}), ("enableConfigChecksumAnnotation", "true"), ("securityContext", "restricted"), ("clusterDomain", ""), ("replicas", 3),
]

GATEWAY = {"mode": "gateway"}
CONTRADICTIONS = [
    ({"replicaCount": 3}, "replicaCount: 3 standalone instances"),
    ({"resources": {"limits": {"memory": "128Mi"}}}, "resources.limits.memory: 128Mi is too small: 128 MiB beside the spans (memoryReserveMib) + 64 MiB for spans at least = 192 MiB, and the limit is 128 MiB"),
    ({**GATEWAY, "router": {"resources": {"limits": {"memory": "100M"}}}}, "router.resources.limits.memory: 100M is too small: 128 MiB beside the spans (memoryReserveMib) + 64 MiB for spans at least = 192 MiB, and the limit is 95 MiB"),
    ({"config": at("service.tailrace.memory_budget_mib", 1000)}, "resources.limits.memory: 1Gi is too small: 128 MiB beside the spans (memoryReserveMib) + 1000 MiB for spans (service.tailrace.memory_budget_mib) = 1128 MiB, and the limit is 1024 MiB"),
    ({"resources": {"limits": None}}, "resources.limits.memory: set it"),
    ({"terminationGracePeriodSeconds": 30}, "terminationGracePeriodSeconds: 30 is not above 5 (preStopSeconds) + 30s (service.tailrace.shutdown_timeout) = 35"),
    ({"config": at("service.tailrace.shutdown_timeout", "${env:WAIT}")}, "terminationGracePeriodSeconds: set it"),
    ({"podDisruptionBudget": {"minAvailable": 1, "maxUnavailable": 1}}, "podDisruptionBudget: minAvailable and maxUnavailable exclude each other"),
    ({**GATEWAY, "router": {"autoscaling": {"minReplicas": 20}}}, "router.autoscaling: minReplicas 20 is above maxReplicas 10"),
    ({"tls": {"enabled": True}}, "tls.secretName: the Secret"),
    ({"basicAuth": {"enabled": True}}, "basicAuth.secretName: the Secret"),
    ({"serviceMonitor": {"enabled": True}, "ports": {"metrics": {"enabled": False}}}, "serviceMonitor.enabled: there is nothing to scrape"),
]


class RefusalsTest(unittest.TestCase):
    def test_wrong_types_are_refused_with_the_key(self):
        for path, value in WRONG_TYPES:
            with self.subTest(f"{path}: {value!r}"):
                done = helm.template(at(path, value))
                self.assertNotEqual(done.returncode, 0, "it was taken")
                # Helm writes a path as /a/b or a.b, and a key that is too many by its name after its parent's path.
                said = done.stderr.replace("/", ".")
                parent, _, key = path.rpartition(".")
                self.assertTrue(path in said or (parent in said and f"'{key}'" in said), done.stderr)

    def test_contradictions_are_refused_with_the_reason(self):
        for values, words in CONTRADICTIONS:
            with self.subTest(words):
                done = helm.template(values)
                self.assertNotEqual(done.returncode, 0, "it was taken")
                self.assertIn(words, done.stderr)

    def test_an_old_cluster_is_refused(self):
        done = helm.template({}, "1.27.9")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("kubeVersion", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
