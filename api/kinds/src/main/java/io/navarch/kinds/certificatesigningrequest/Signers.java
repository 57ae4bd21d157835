package io.navarch.kinds.certificatesigningrequest;

/// The names of Kubernetes' own signers.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers
public final class Signers {
    public static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    public static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    public static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    public static final String LEGACY = "kubernetes.io/legacy-unknown";

    private Signers() {}
}
