"""Fields of Kubernetes' built-in kinds, as k8s.io/api 0.37.2 declares them; read by `api_schema`.

Made by `go run . table` in tests/oracles/fields, and compared with it by the tests. Three parts: the type of each kind;
the fields of each type; the values of each enumeration. Codes of types: `s` text, `b` boolean, `i` and `l` integers of
32 and 64 bits, `q` quantity, `x` integer or text, `y` bytes in base64, `*` anything, `[` list of, `{` mapping of,
`?` enumeration (types marked `+enum`, and five that validation.go holds to their constants); else the name of a type.
Status, managed fields and owners are left open: no file sets them.
"""

from __future__ import annotations

TABLE = """\
v1 ConfigMap ConfigMap; v1 LimitRange LimitRange; v1 Namespace Namespace; v1 PersistentVolume PersistentVolume; v1
PersistentVolumeClaim PersistentVolumeClaim; v1 Pod Pod; v1 PodTemplate PodTemplate; v1 ReplicationController
ReplicationController; v1 ResourceQuota ResourceQuota; v1 Secret Secret; v1 Service Service; v1 ServiceAccount
ServiceAccount; admissionregistration.k8s.io/v1 MutatingWebhookConfiguration MutatingWebhookConfiguration;
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration ValidatingWebhookConfiguration; apps/v1 DaemonSet
DaemonSet; apps/v1 Deployment Deployment; apps/v1 ReplicaSet ReplicaSet; apps/v1 StatefulSet StatefulSet;
autoscaling/v1 HorizontalPodAutoscaler HorizontalPodAutoscaler; autoscaling/v2 HorizontalPodAutoscaler
AutoscalingV2HorizontalPodAutoscaler; batch/v1 CronJob CronJob; batch/v1 Job Job; networking.k8s.io/v1 Ingress
Ingress; networking.k8s.io/v1 IngressClass IngressClass; networking.k8s.io/v1 NetworkPolicy NetworkPolicy; policy/v1
PodDisruptionBudget PodDisruptionBudget; rbac.authorization.k8s.io/v1 ClusterRole ClusterRole;
rbac.authorization.k8s.io/v1 ClusterRoleBinding ClusterRoleBinding; rbac.authorization.k8s.io/v1 Role Role;
rbac.authorization.k8s.io/v1 RoleBinding RoleBinding; scheduling.k8s.io/v1 PriorityClass PriorityClass;
storage.k8s.io/v1 StorageClass StorageClass;
--
AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID:s; Affinity nodeAffinity:NodeAffinity
podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity; AggregationRule clusterRoleSelectors:[LabelSelector;
AppArmorProfile localhostProfile:s type:?AppArmorProfileType; AutoscalingV2CrossVersionObjectReference apiVersion:s
kind:s name:s; AutoscalingV2HorizontalPodAutoscaler apiVersion:s kind:s metadata:ObjectMeta
spec:AutoscalingV2HorizontalPodAutoscalerSpec status:*; AutoscalingV2HorizontalPodAutoscalerSpec
behavior:HorizontalPodAutoscalerBehavior maxReplicas:i metrics:[MetricSpec minReplicas:i
scaleTargetRef:AutoscalingV2CrossVersionObjectReference; AzureDiskVolumeSource cachingMode:?AzureDataDiskCachingMode
diskName:s diskURI:s fsType:s kind:?AzureDataDiskKind readOnly:b; AzureFilePersistentVolumeSource readOnly:b
secretName:s secretNamespace:s shareName:s; AzureFileVolumeSource readOnly:b secretName:s shareName:s;
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference controllerPublishSecretRef:SecretReference
driver:s fsType:s nodeExpandSecretRef:SecretReference nodePublishSecretRef:SecretReference
nodeStageSecretRef:SecretReference readOnly:b volumeAttributes:{s volumeHandle:s; CSIVolumeSource driver:s fsType:s
nodePublishSecretRef:LocalObjectReference readOnly:b volumeAttributes:{s; Capabilities add:[s drop:[s;
CephFSPersistentVolumeSource monitors:[s path:s readOnly:b secretFile:s secretRef:SecretReference user:s;
CephFSVolumeSource monitors:[s path:s readOnly:b secretFile:s secretRef:LocalObjectReference user:s;
CinderPersistentVolumeSource fsType:s readOnly:b secretRef:SecretReference volumeID:s; CinderVolumeSource fsType:s
readOnly:b secretRef:LocalObjectReference volumeID:s; ClientIPConfig timeoutSeconds:i; ClusterRole
aggregationRule:AggregationRule apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule; ClusterRoleBinding
apiVersion:s kind:s metadata:ObjectMeta roleRef:RoleRef subjects:[Subject; ClusterTrustBundleProjection
labelSelector:LabelSelector name:s optional:b path:s signerName:s user:l; ConfigMap apiVersion:s binaryData:{y data:{s
immutable:b kind:s metadata:ObjectMeta; ConfigMapEnvSource name:s optional:b; ConfigMapKeySelector key:s name:s
optional:b; ConfigMapProjection items:[KeyToPath name:s optional:b; ConfigMapVolumeSource defaultMode:i defaultUser:l
items:[KeyToPath name:s optional:b; Container args:[s command:[s env:[EnvVar envFrom:[EnvFromSource image:s
imagePullPolicy:?PullPolicy lifecycle:Lifecycle livenessProbe:Probe name:s ports:[ContainerPort readinessProbe:Probe
resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy:s
restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b
terminationMessagePath:s terminationMessagePolicy:?TerminationMessagePolicy tty:b volumeDevices:[VolumeDevice
volumeMounts:[VolumeMount workingDir:s; ContainerPort containerPort:i hostIP:s hostPort:i name:s protocol:?Protocol;
ContainerResizePolicy resourceName:s restartPolicy:s; ContainerResourceMetricSource container:s name:s
target:MetricTarget; ContainerRestartRule action:s exitCodes:ContainerRestartRuleOnExitCodes;
ContainerRestartRuleOnExitCodes operator:s values:[i; CronJob apiVersion:s kind:s metadata:ObjectMeta spec:CronJobSpec
status:*; CronJobSpec concurrencyPolicy:?ConcurrencyPolicy failedJobsHistoryLimit:i jobTemplate:JobTemplateSpec
schedule:s startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s; CrossVersionObjectReference
apiVersion:s kind:s name:s; DaemonSet apiVersion:s kind:s metadata:ObjectMeta spec:DaemonSetSpec status:*;
DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector:LabelSelector template:PodTemplateSpec
updateStrategy:DaemonSetUpdateStrategy; DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet
type:?DaemonSetUpdateStrategyType; Deployment apiVersion:s kind:s metadata:ObjectMeta spec:DeploymentSpec status:*;
DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i
selector:LabelSelector strategy:DeploymentStrategy template:PodTemplateSpec; DeploymentStrategy
rollingUpdate:RollingUpdateDeployment type:?DeploymentStrategyType; DownwardAPIProjection
items:[DownwardAPIVolumeFile; DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path:s
resourceFieldRef:ResourceFieldSelector user:l; DownwardAPIVolumeSource defaultMode:i defaultUser:l
items:[DownwardAPIVolumeFile; EmptyDirVolumeSource medium:s mode:i sizeLimit:q; EnvFromSource
configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource; EnvVar name:s value:s valueFrom:EnvVarSource;
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector
resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector; EphemeralContainer args:[s command:[s
env:[EnvVar envFrom:[EnvFromSource image:s imagePullPolicy:?PullPolicy lifecycle:Lifecycle livenessProbe:Probe name:s
ports:[ContainerPort readinessProbe:Probe resizePolicy:[ContainerResizePolicy resources:ResourceRequirements
restartPolicy:s restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:b
stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:?TerminationMessagePolicy tty:b
volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir:s; EphemeralVolumeSource
volumeClaimTemplate:PersistentVolumeClaimTemplate; EvictionResponder name:s priority:i; ExecAction command:[s;
ExternalMetricSource metric:MetricIdentifier target:MetricTarget; FCVolumeSource fsType:s lun:i readOnly:b
targetWWNs:[s wwids:[s; FileKeySelector key:s optional:b path:s volumeName:s; FlexPersistentVolumeSource driver:s
fsType:s options:{s readOnly:b secretRef:SecretReference; FlexVolumeSource driver:s fsType:s options:{s readOnly:b
secretRef:LocalObjectReference; FlockerVolumeSource datasetName:s datasetUUID:s; GCEPersistentDiskVolumeSource
fsType:s partition:i pdName:s readOnly:b; GRPCAction mode:?GRPCProbeMode port:i service:s; GitRepoVolumeSource
directory:s repository:s revision:s; GlusterfsPersistentVolumeSource endpoints:s endpointsNamespace:s path:s
readOnly:b; GlusterfsVolumeSource endpoints:s path:s readOnly:b; HPAScalingPolicy periodSeconds:i
type:?HPAScalingPolicyType value:i; HPAScalingRules policies:[HPAScalingPolicy selectPolicy:?ScalingPolicySelect
stabilizationWindowSeconds:i tolerance:q; HTTPGetAction host:s httpHeaders:[HTTPHeader path:s port:x
protocol:?HTTPProtocol scheme:?URIScheme; HTTPHeader name:s value:s; HTTPIngressPath backend:IngressBackend path:s
pathType:?PathType; HTTPIngressRuleValue paths:[HTTPIngressPath; HorizontalPodAutoscaler apiVersion:s kind:s
metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec status:*; HorizontalPodAutoscalerBehavior
scaleDown:HPAScalingRules scaleUp:HPAScalingRules; HorizontalPodAutoscalerSpec maxReplicas:i minReplicas:i
scaleTargetRef:CrossVersionObjectReference targetCPUUtilizationPercentage:i; HostAlias hostnames:[s ip:s;
HostPathVolumeSource path:s type:?HostPathType; IPBlock cidr:s except:[s; ISCSIPersistentVolumeSource
chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s iscsiInterface:s lun:i portals:[s readOnly:b
secretRef:SecretReference targetPortal:s; ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s
initiatorName:s iqn:s iscsiInterface:s lun:i portals:[s readOnly:b secretRef:LocalObjectReference targetPortal:s;
ImageVolumeSource pullPolicy:?PullPolicy reference:s; Ingress apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec
status:*; IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend; IngressClass apiVersion:s
kind:s metadata:ObjectMeta spec:IngressClassSpec; IngressClassParametersReference apiGroup:s kind:s name:s namespace:s
scope:s; IngressClassSpec controller:s parameters:IngressClassParametersReference; IngressRule host:s
http:HTTPIngressRuleValue; IngressServiceBackend name:s port:ServiceBackendPort; IngressSpec
defaultBackend:IngressBackend ingressClassName:s rules:[IngressRule tls:[IngressTLS; IngressTLS hosts:[s secretName:s;
Job apiVersion:s kind:s metadata:ObjectMeta spec:JobSpec status:*; JobSchedulingConfiguration
disruptionMode:WorkloadPodGroupDisruptionMode resourceClaims:[WorkloadPodGroupResourceClaim
schedulingConstraints:WorkloadPodGroupSchedulingConstraints schedulingPolicy:WorkloadPodGroupSchedulingPolicy; JobSpec
activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:?CompletionMode completions:i managedBy:s
manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy
podReplacementPolicy:?PodReplacementPolicy scheduling:JobSchedulingConfiguration selector:LabelSelector
successPolicy:SuccessPolicy suspend:b template:PodTemplateSpec ttlSecondsAfterFinished:i; JobTemplateSpec
metadata:ObjectMeta spec:JobSpec; KeyToPath key:s mode:i path:s user:l; LabelSelector
matchExpressions:[LabelSelectorRequirement matchLabels:{s; LabelSelectorRequirement key:s operator:s values:[s;
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s; LifecycleHandler exec:ExecAction
httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction; LimitRange apiVersion:s kind:s metadata:ObjectMeta
spec:LimitRangeSpec; LimitRangeItem default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type:s;
LimitRangeSpec limits:[LimitRangeItem; LocalObjectReference name:s; LocalVolumeSource fsType:s path:s; MatchCondition
expression:s name:s; MetricIdentifier name:s selector:LabelSelector; MetricSpec
containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource
pods:PodsMetricSource resource:ResourceMetricSource type:?MetricSourceType; MetricTarget averageUtilization:i
averageValue:q type:?MetricTargetType value:q; MutatingWebhook admissionReviewVersions:[s
clientConfig:WebhookClientConfig failurePolicy:?FailurePolicyType matchConditions:[MatchCondition
matchPolicy:?MatchPolicyType name:s namespaceSelector:LabelSelector objectSelector:LabelSelector
reinvocationPolicy:?ReinvocationPolicyType rules:[RuleWithOperations sideEffects:?SideEffectClass timeoutSeconds:i;
MutatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[MutatingWebhook; NFSVolumeSource path:s
readOnly:b server:s; Namespace apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:*; NamespaceSpec
finalizers:[s; NetworkPolicy apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec; NetworkPolicyEgressRule
ports:[NetworkPolicyPort to:[NetworkPolicyPeer; NetworkPolicyIngressRule from:[NetworkPolicyPeer
ports:[NetworkPolicyPort; NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector;
NetworkPolicyPort endPort:i port:x protocol:?Protocol; NetworkPolicySpec egress:[NetworkPolicyEgressRule
ingress:[NetworkPolicyIngressRule podSelector:LabelSelector policyTypes:[?PolicyType; NodeAffinity
preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
requiredDuringSchedulingIgnoredDuringExecution:NodeSelector; NodeSelector nodeSelectorTerms:[NodeSelectorTerm;
NodeSelectorRequirement key:s operator:?NodeSelectorOperator values:[s; NodeSelectorTerm
matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement; ObjectFieldSelector apiVersion:s
fieldPath:s; ObjectMeta annotations:{s creationTimestamp:s deletionGracePeriodSeconds:l deletionTimestamp:s
finalizers:[s generateName:s generation:l labels:{s managedFields:* name:s namespace:s ownerReferences:*
resourceVersion:s selfLink:s uid:s; ObjectMetricSource describedObject:AutoscalingV2CrossVersionObjectReference
metric:MetricIdentifier target:MetricTarget; ObjectReference apiVersion:s fieldPath:s kind:s name:s namespace:s
resourceVersion:s uid:s; PersistentVolume apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeSpec status:*;
PersistentVolumeClaim apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:*;
PersistentVolumeClaimSpec accessModes:[?PersistentVolumeAccessMode dataSource:TypedLocalObjectReference
dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector storageClassName:s
volumeAttributesClassName:s volumeMode:?PersistentVolumeMode volumeName:s; PersistentVolumeClaimTemplate
metadata:ObjectMeta spec:PersistentVolumeClaimSpec; PersistentVolumeClaimVolumeSource claimName:s readOnly:b;
PersistentVolumeSpec accessModes:[?PersistentVolumeAccessMode awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
azureDisk:AzureDiskVolumeSource azureFile:AzureFilePersistentVolumeSource capacity:{q
cephfs:CephFSPersistentVolumeSource cinder:CinderPersistentVolumeSource claimRef:ObjectReference
csi:CSIPersistentVolumeSource fc:FCVolumeSource flexVolume:FlexPersistentVolumeSource flocker:FlockerVolumeSource
gcePersistentDisk:GCEPersistentDiskVolumeSource glusterfs:GlusterfsPersistentVolumeSource
hostPath:HostPathVolumeSource iscsi:ISCSIPersistentVolumeSource local:LocalVolumeSource mountOptions:[s
nfs:NFSVolumeSource nodeAffinity:VolumeNodeAffinity persistentVolumeReclaimPolicy:?PersistentVolumeReclaimPolicy
photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource quobyte:QuobyteVolumeSource
rbd:RBDPersistentVolumeSource scaleIO:ScaleIOPersistentVolumeSource storageClassName:s
storageos:StorageOSPersistentVolumeSource volumeAttributesClassName:s volumeMode:?PersistentVolumeMode
vsphereVolume:VsphereVirtualDiskVolumeSource; PhotonPersistentDiskVolumeSource fsType:s pdID:s; Pod apiVersion:s
kind:s metadata:ObjectMeta spec:PodSpec status:*; PodAffinity
preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm; PodAffinityTerm labelSelector:LabelSelector
matchLabelKeys:[s mismatchLabelKeys:[s namespaceSelector:LabelSelector namespaces:[s topologyKey:s; PodAntiAffinity
preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm; PodCertificateProjection certificateChainPath:s
credentialBundlePath:s keyPath:s keyType:s maxExpirationSeconds:i signerName:s user:l userAnnotations:{s; PodDNSConfig
nameservers:[s options:[PodDNSConfigOption searches:[s; PodDNSConfigOption name:s value:s; PodDisruptionBudget
apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:*; PodDisruptionBudgetSpec
maxUnavailable:x minAvailable:x selector:LabelSelector unhealthyPodEvictionPolicy:?UnhealthyPodEvictionPolicyType;
PodFailurePolicy rules:[PodFailurePolicyRule; PodFailurePolicyOnExitCodesRequirement containerName:s
operator:?PodFailurePolicyOnExitCodesOperator values:[i; PodFailurePolicyOnPodConditionsPattern status:* type:s;
PodFailurePolicyRule action:?PodFailurePolicyAction onExitCodes:PodFailurePolicyOnExitCodesRequirement
onPodConditions:[PodFailurePolicyOnPodConditionsPattern; PodOS name:s; PodReadinessGate conditionType:s;
PodResourceClaim name:s resourceClaimName:s resourceClaimTemplateName:s; PodSchedulingGate name:s; PodSchedulingGroup
podGroupName:s; PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:l
fsGroupChangePolicy:?PodFSGroupChangePolicy runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s
seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[l
supplementalGroupsPolicy:?SupplementalGroupsPolicy sysctls:[Sysctl windowsOptions:WindowsSecurityContextOptions;
PodSpec activeDeadlineSeconds:l affinity:Affinity automountServiceAccountToken:b containers:[Container
dnsConfig:PodDNSConfig dnsPolicy:?DNSPolicy enableServiceLinks:b ephemeralContainers:[EphemeralContainer
evictionResponders:[EvictionResponder hostAliases:[HostAlias hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s
hostnameOverride:s imagePullSecrets:[LocalObjectReference initContainers:[Container nodeName:s nodeSelector:{s
os:PodOS overhead:{q preemptionPolicy:?PreemptionPolicy priority:i priorityClassName:s
readinessGates:[PodReadinessGate resourceClaims:[PodResourceClaim resources:ResourceRequirements
restartPolicy:?RestartPolicy runtimeClassName:s schedulerName:s schedulingGates:[PodSchedulingGate
schedulingGroup:PodSchedulingGroup securityContext:PodSecurityContext serviceAccount:s serviceAccountName:s
setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[Toleration
topologySpreadConstraints:[TopologySpreadConstraint volumes:[Volume; PodTemplate apiVersion:s kind:s
metadata:ObjectMeta template:PodTemplateSpec; PodTemplateSpec metadata:ObjectMeta spec:PodSpec; PodsMetricSource
metric:MetricIdentifier target:MetricTarget; PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s
verbs:[s; PortworxVolumeSource fsType:s readOnly:b volumeID:s; PreferredSchedulingTerm preference:NodeSelectorTerm
weight:i; PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:ObjectMeta
preemptionPolicy:?PreemptionPolicy value:i; Probe exec:ExecAction failureThreshold:i grpc:GRPCAction
httpGet:HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction
terminationGracePeriodSeconds:l timeoutSeconds:i; ProjectedVolumeSource defaultMode:i defaultUser:l
sources:[VolumeProjection; QuobyteVolumeSource group:s readOnly:b registry:s tenant:s user:s volume:s;
RBDPersistentVolumeSource fsType:s image:s keyring:s monitors:[s pool:s readOnly:b secretRef:SecretReference user:s;
RBDVolumeSource fsType:s image:s keyring:s monitors:[s pool:s readOnly:b secretRef:LocalObjectReference user:s;
ReplicaSet apiVersion:s kind:s metadata:ObjectMeta spec:ReplicaSetSpec status:*; ReplicaSetSpec minReadySeconds:i
replicas:i selector:LabelSelector template:PodTemplateSpec; ReplicationController apiVersion:s kind:s
metadata:ObjectMeta spec:ReplicationControllerSpec status:*; ReplicationControllerSpec minReadySeconds:i replicas:i
selector:{s template:PodTemplateSpec; ResourceClaim name:s request:s; ResourceFieldSelector containerName:s divisor:q
resource:s; ResourceMetricSource name:s target:MetricTarget; ResourceQuota apiVersion:s kind:s metadata:ObjectMeta
spec:ResourceQuotaSpec status:*; ResourceQuotaSpec hard:{q scopeSelector:ScopeSelector scopes:[?ResourceQuotaScope;
ResourceRequirements claims:[ResourceClaim limits:{q requests:{q; Role apiVersion:s kind:s metadata:ObjectMeta
rules:[PolicyRule; RoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:RoleRef subjects:[Subject; RoleRef
apiGroup:s kind:s name:s; RollingUpdateDaemonSet maxSurge:x maxUnavailable:x; RollingUpdateDeployment maxSurge:x
maxUnavailable:x; RollingUpdateStatefulSetStrategy maxUnavailable:x partition:i; RuleWithOperations apiGroups:[s
apiVersions:[s operations:[?OperationType resources:[s scope:?ScopeType; SELinuxOptions level:s role:s type:s user:s;
ScaleIOPersistentVolumeSource fsType:s gateway:s protectionDomain:s readOnly:b secretRef:SecretReference sslEnabled:b
storageMode:s storagePool:s system:s volumeName:s; ScaleIOVolumeSource fsType:s gateway:s protectionDomain:s
readOnly:b secretRef:LocalObjectReference sslEnabled:b storageMode:s storagePool:s system:s volumeName:s;
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement; ScopedResourceSelectorRequirement
operator:?ScopeSelectorOperator scopeName:?ResourceQuotaScope values:[s; SeccompProfile localhostProfile:s
type:?SeccompProfileType; Secret apiVersion:s data:{y immutable:b kind:s metadata:ObjectMeta stringData:{s type:s;
SecretEnvSource name:s optional:b; SecretKeySelector key:s name:s optional:b; SecretProjection items:[KeyToPath name:s
optional:b; SecretReference name:s namespace:s; SecretVolumeSource defaultMode:i defaultUser:l items:[KeyToPath
optional:b secretName:s; SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile
capabilities:Capabilities privileged:b procMount:?ProcMountType readOnlyRootFilesystem:b runAsGroup:l runAsNonRoot:b
runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions;
Service apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:*; ServiceAccount apiVersion:s
automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference kind:s metadata:ObjectMeta
secrets:[ObjectReference; ServiceAccountTokenProjection audience:s expirationSeconds:l path:s user:l;
ServiceBackendPort name:s number:i; ServicePort appProtocol:s name:s nodePort:i port:i protocol:?Protocol
targetPort:x; ServiceReference name:s namespace:s path:s port:i; ServiceSpec allocateLoadBalancerNodePorts:b
clusterIP:s clusterIPs:[s externalIPs:[s externalName:s externalTrafficPolicy:?ServiceExternalTrafficPolicy
healthCheckNodePort:i internalTrafficPolicy:?ServiceInternalTrafficPolicy ipFamilies:[?IPFamily
ipFamilyPolicy:?IPFamilyPolicy loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s ports:[ServicePort
publishNotReadyAddresses:b selector:{s sessionAffinity:?ServiceAffinity sessionAffinityConfig:SessionAffinityConfig
trafficDistribution:s type:?ServiceType; SessionAffinityConfig clientIP:ClientIPConfig; SleepAction seconds:l;
StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:StatefulSetSpec status:*; StatefulSetOrdinals start:i;
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s; StatefulSetSpec minReadySeconds:i
ordinals:StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
podManagementPolicy:?PodManagementPolicyType replicas:i revisionHistoryLimit:i selector:LabelSelector serviceName:s
template:PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim;
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:?StatefulSetUpdateStrategyType;
StorageClass allowVolumeExpansion:b allowedTopologies:[TopologySelectorTerm apiVersion:s kind:s metadata:ObjectMeta
mountOptions:[s parameters:{s provisioner:s reclaimPolicy:?PersistentVolumeReclaimPolicy
volumeBindingMode:?VolumeBindingMode; StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef:ObjectReference
volumeName:s volumeNamespace:s; StorageOSVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeName:s
volumeNamespace:s; Subject apiGroup:s kind:s name:s namespace:s; SuccessPolicy rules:[SuccessPolicyRule;
SuccessPolicyRule succeededCount:i succeededIndexes:s; Sysctl name:s value:s; TCPSocketAction host:s port:x;
Toleration effect:?TaintEffect key:s operator:?TolerationOperator tolerationSeconds:l value:s; TopologyConstraint
key:s; TopologySelectorLabelRequirement key:s values:[s; TopologySelectorTerm
matchLabelExpressions:[TopologySelectorLabelRequirement; TopologySpreadConstraint labelSelector:LabelSelector
matchLabelKeys:[s maxSkew:i minDomains:i nodeAffinityPolicy:?NodeInclusionPolicy nodeTaintsPolicy:?NodeInclusionPolicy
topologyKey:s whenUnsatisfiable:?UnsatisfiableConstraintAction; TypedLocalObjectReference apiGroup:s kind:s name:s;
TypedObjectReference apiGroup:s kind:s name:s namespace:s; ValidatingWebhook admissionReviewVersions:[s
clientConfig:WebhookClientConfig failurePolicy:?FailurePolicyType matchConditions:[MatchCondition
matchPolicy:?MatchPolicyType name:s namespaceSelector:LabelSelector objectSelector:LabelSelector
rules:[RuleWithOperations sideEffects:?SideEffectClass timeoutSeconds:i; ValidatingWebhookConfiguration apiVersion:s
kind:s metadata:ObjectMeta webhooks:[ValidatingWebhook; Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
azureDisk:AzureDiskVolumeSource azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource
configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource
ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource flocker:FlockerVolumeSource
gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource glusterfs:GlusterfsVolumeSource
hostPath:HostPathVolumeSource image:ImageVolumeSource iscsi:ISCSIVolumeSource name:s nfs:NFSVolumeSource
persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource
portworxVolume:PortworxVolumeSource projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource
scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource
vsphereVolume:VsphereVirtualDiskVolumeSource; VolumeDevice devicePath:s name:s; VolumeMount bindMountOptions:[s
mountPath:s mountPropagation:?MountPropagationMode name:s readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s;
VolumeNodeAffinity required:NodeSelector; VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection
configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection
secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection; VolumeResourceRequirements limits:{q
requests:{q; VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath:s;
WebhookClientConfig caBundle:y service:ServiceReference url:s; WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm
weight:i; WindowsSecurityContextOptions gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s;
WorkloadPodGroupAllDisruptionMode ; WorkloadPodGroupBasicSchedulingPolicy ; WorkloadPodGroupDisruptionMode
all:WorkloadPodGroupAllDisruptionMode single:WorkloadPodGroupSingleDisruptionMode;
WorkloadPodGroupGangSchedulingPolicy minCount:i; WorkloadPodGroupResourceClaim name:s resourceClaimName:s
resourceClaimTemplateName:s; WorkloadPodGroupSchedulingConstraints topology:[TopologyConstraint;
WorkloadPodGroupSchedulingPolicy basic:WorkloadPodGroupBasicSchedulingPolicy
gang:WorkloadPodGroupGangSchedulingPolicy; WorkloadPodGroupSingleDisruptionMode ;
--
AppArmorProfileType Unconfined RuntimeDefault Localhost; AzureDataDiskCachingMode None ReadOnly ReadWrite;
AzureDataDiskKind Shared Dedicated Managed; CompletionMode NonIndexed Indexed; ConcurrencyPolicy Allow Forbid Replace;
DNSPolicy ClusterFirstWithHostNet ClusterFirst Default None; DaemonSetUpdateStrategyType RollingUpdate OnDelete;
DeploymentStrategyType Recreate RollingUpdate; FailurePolicyType Ignore Fail; GRPCProbeMode Plaintext TLS;
HPAScalingPolicyType Pods Percent; HTTPProtocol HTTP1 HTTP2; HostPathType DirectoryOrCreate Directory FileOrCreate
File Socket CharDevice BlockDevice; IPFamily IPv4 IPv6 ; IPFamilyPolicy SingleStack PreferDualStack RequireDualStack;
MatchPolicyType Exact Equivalent; MetricSourceType Object Pods Resource ContainerResource External; MetricTargetType
Utilization Value AverageValue; MountPropagationMode None HostToContainer Bidirectional; NodeInclusionPolicy Ignore
Honor; NodeSelectorOperator In NotIn Exists DoesNotExist Gt Lt; OperationType * CREATE UPDATE DELETE CONNECT; PathType
Exact Prefix ImplementationSpecific; PersistentVolumeAccessMode ReadWriteOnce ReadOnlyMany ReadWriteMany
ReadWriteOncePod; PersistentVolumeMode Block Filesystem; PersistentVolumeReclaimPolicy Recycle Delete Retain;
PodFSGroupChangePolicy OnRootMismatch Always; PodFailurePolicyAction FailJob FailIndex Ignore Count;
PodFailurePolicyOnExitCodesOperator In NotIn; PodManagementPolicyType OrderedReady Parallel; PodReplacementPolicy
TerminatingOrFailed Failed; PolicyType Ingress Egress; PreemptionPolicy PreemptLowerPriority Never; ProcMountType
Default Unmasked; Protocol TCP UDP SCTP; PullPolicy Always Never IfNotPresent; ReinvocationPolicyType Never IfNeeded;
ResourceQuotaScope Terminating NotTerminating BestEffort NotBestEffort PriorityClass CrossNamespacePodAffinity
VolumeAttributesClass; RestartPolicy Always OnFailure Never; ScalingPolicySelect Max Min Disabled;
ScopeSelectorOperator In NotIn Exists DoesNotExist; ScopeType Cluster Namespaced *; SeccompProfileType Unconfined
RuntimeDefault Localhost; ServiceAffinity ClientIP None; ServiceExternalTrafficPolicy Cluster Local;
ServiceInternalTrafficPolicy Cluster Local; ServiceType ClusterIP NodePort LoadBalancer ExternalName; SideEffectClass
Unknown None Some NoneOnDryRun; StatefulSetUpdateStrategyType RollingUpdate OnDelete Recreate;
SupplementalGroupsPolicy Merge Strict; TaintEffect NoSchedule PreferNoSchedule NoExecute; TerminationMessagePolicy
File FallbackToLogsOnError; TolerationOperator Exists Equal Lt Gt; URIScheme HTTP HTTPS;
UnhealthyPodEvictionPolicyType IfHealthyBudget AlwaysAllow; UnsatisfiableConstraintAction DoNotSchedule
ScheduleAnyway; VolumeBindingMode Immediate WaitForFirstConsumer;
"""
