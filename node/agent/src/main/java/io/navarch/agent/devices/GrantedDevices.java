package io.navarch.agent.devices;

import io.navarch.agent.act.NodeDevices.Given;
import io.navarch.cri.ContainerConfig;
import io.navarch.csi.DevicePlugin.Granted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// What plugins have granted, put together for a container.
final class GrantedDevices {
    private GrantedDevices() {}

    static Given given(List<Granted> all) {
        var environment = new HashMap<String, String>();
        var annotations = new HashMap<String, String>();
        var mounts = new ArrayList<ContainerConfig.Mount>();
        var devices = new ArrayList<ContainerConfig.Device>();
        var cdi = new ArrayList<String>();
        for (var granted : all) {
            environment.putAll(granted.environment());
            annotations.putAll(granted.annotations());
            cdi.addAll(granted.cdi());
            for (var mount : granted.mounts())
                mounts.add(new ContainerConfig.Mount(
                        mount.containerPath(),
                        mount.hostPath(),
                        mount.readOnly(),
                        ContainerConfig.Propagation.PRIVATE));
            for (var node : granted.nodes())
                devices.add(new ContainerConfig.Device(node.containerPath(), node.hostPath(), node.permissions()));
        }
        return new Given(environment, mounts, devices, cdi, annotations);
    }
}
