package io.navarch.controllers.endpoints;

/// Why a Service's endpoints get no hints although it asks for them.
enum HintRefusal {
    NO_NODE_INFORMATION("Insufficient Node information: allocatable CPU or zone not specified on one or more nodes"),
    ONE_ZONE("Nodes only ready in one zone"),
    FEW_ENDPOINTS("Insufficient number of endpoints"),
    OVERLOAD("Unable to allocate minimum required endpoints to each zone without exceeding overload threshold"),
    NO_ZONE("No zone specified for one or more endpoints");

    private final String text;

    HintRefusal(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
