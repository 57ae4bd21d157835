package io.navarch.agent.api;

/// The container that a call is about; the name of the container is `""` in calls about a pod.
record Target(String namespace, String pod, String container) {}
