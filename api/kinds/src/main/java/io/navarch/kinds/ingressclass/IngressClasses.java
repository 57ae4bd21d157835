package io.navarch.kinds.ingressclass;

import io.navarch.model.Ingress;
import io.navarch.model.IngressClass;

/// Which class an Ingress has, and which class is the default.
public final class IngressClasses {
    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";
    /// How an Ingress named its class before there was a field for it.
    public static final String ANNOTATION = "kubernetes.io/ingress.class";

    private IngressClasses() {}

    /// The name of an Ingress's class, `""` when it names none.
    public static String of(Ingress ingress) {
        return ingress.spec().ingressClassNameOr(ingress.annotation(ANNOTATION));
    }

    static boolean named(Ingress ingress) {
        return ingress.spec().hasIngressClassName() || ingress.annotations().containsKey(ANNOTATION);
    }

    public static boolean isDefault(IngressClass ingressClass) {
        return ingressClass.annotation(DEFAULT).equals("true");
    }
}
