// The words of six letters and more that the program itself writes again and again: in its log, as keys and kinds of its
// JSON, and the members of AWS's definitions with their words. In small letters.
const OWN_WORDS: ReadonlySet<string> = new Set(
  `
  accepted accessdeniedexception accesslogconfiguration accesspointarn accesspointid accesstypes action actions active
  advancedconfiguration advice alarmnames alarms allbut allows already alternatetargetgrouparn amazonaws annotations
  another answer anybody application appmesh appprotocol assignpublicip assume assumed attestationpolicy attribute
  attributes authorizationconfig authorized autoprovision autoscaling availabilityzonerebalancing awaitdeployment
  awaitinghooks awsfirelens awslogs awspcaauthorityarn awsvpc awsvpcconfiguration baketimeinminutes balancer because
  before belong between binpack blocking bodies boolean breaker bridge canary canarybaketimeinminutes
  canaryconfiguration canarypercent cannot cannotpullcontainererror capabilities capacity capacityprovider
  capacityproviderstrategy carried causes change changed changes changing choice choices choose chosen circuit
  clientaliases clienttoken cloudformation cluster clusterarn clusters colour column command compared compatibilities
  complete completed computeddesiredcount condition config configuredatlaunch confirmed container
  containerconfigurations containerdefinitions containername containerpath containerport containerportrange containers
  continue copyincomplete counts cpuarchitecture create createdat createdby createservice creating credentials
  credentialsparameter credentialspecs current currentservicedeployment currentservicerevisions daemon database
  decrypt default defaults defect deferred definition definitions delete deleted deleterequestedat deleting denied
  dependson deploy deployed deploying deployment deploymentcircuitbreaker deploymentconfiguration deploymentcontroller
  deployments deploys deregister deregistered deregisteredat deregistering deregistrationdelay describe
  describeservices desired desiredcount detail devicename devices devicetype dimension disabled disablenetworking
  discoveryarn discoveryname distinctinstance dnsname dnssearchdomains dnsservers dockerlabels dockersecurityoptions
  dockervolumeconfiguration domain driver driveropts duration dynamicscalinginsuspended dynamicscalingoutsuspended
  earlysuccesscriteria ecspresso effect efsvolumeconfiguration enable enabled enableecsmanagedtags
  enableexecutecommand enablefaultinjection encrypted entrypoint envfile environment environmentfiles ephemeralstorage
  essential events everything examples execution executionrolearn exists exitcode exited expression external
  externalid extrahosts extvar failed failedtasks failure failureevents failures family fargate
  fargateephemeralstorage fastest filesystemarn filesystemid filesystemtype filters finished firelensconfiguration
  fluentbit fluentd follow following follows forcenewdeployment format fsxwindowsfileservervolumeconfiguration
  gatewayconnectors github global grpccode hadended happened hardlimit hassuspensionchanged header healthcheck
  healthcheckgraceperiodseconds healthcheckintervalseconds healthcheckpath healthcheckport healthcheckprotocol
  healthchecktimeoutseconds healthy healthypercent healthythresholdcount hidden hookdetails hooktargetarn hostname
  hostpath hostport httpcode identity idletimeoutseconds ignoredexitcodes imagepull inactive include
  includequeryparameters inferenceaccelerator inferenceaccelerators ingressportoverride initprocessenabled intent
  interactive internal interrupted interval invalid ipaddress ipcmode isdryrun isolationmode isreached
  issuercertificateauthority istakenback itself journald jsonnet killed kmskey kmskeyid labels latest launchtype
  leftgoing leftovers leftto lifecycle lifecyclehooks lifecyclestage lifecyclestages linear linearconfiguration
  linuxparameters listservicedeployments literal loadbalancername loadbalancers logconfiguration logdriver logged
  loglevel longer looked looking managedebsvolume manager matcher maxcomputepercent maximumpercent maxswap memberof
  memlock memory memoryreservation message metricconfigurations metricnames minimumhealthypercent minutes missing
  monitoring mountoptions mountpoints msgqueue namespace network networkconfiguration networkmode neurondevice newest
  nofile notdeleted notderegistered notfromaws nothing notice notices number nvidiamps object operatingsystemfamily
  option options ordered outcome outdated outofmemory output outputs overtaken parameter pending pendingcount
  pendingtaskcount percent perform permissions perrequesttimeoutseconds pidmode pipeline placement
  placementconstraints placementstrategy planned platformfamily platformversion please policy portmappings portname
  position previous primary private privileged problem productionlistenerrule program progress progressing
  propagatetags properties protocol proxyconfiguration pseudoterminal public pulled random reached readback readonly
  readonlyrootfilesystem reason refused region register registercopy registered registeredat registeredby registering
  registry registryarn rejected release removed render repeat repeatable repeatedby replica report
  repositorycredentials request requestedtaskcount requiresattributes requirescompatibilities reregister
  resetonhealthytask resolutionseconds resolve resource resourceid resourceinitialization resourceinitializationerror
  resourcemanagementtype resourcenotfoundexception resourcerequirements resourcetype restartattemptperiod
  restartpolicy restorescaling result resume retries retrieve return revision revisions rolearn rollback rolled
  rolledbackbyecs rolling rollout rolloutended rolloutstate rolloutstatereason rootdirectory rtprio rttime running
  runningcount runningtaskcount runtimeplatform scalable scaling scalingrestored scheduled scheduledscalingsuspended
  schedulingstrategy secret secretoptions secrets secretsmanager securitygroups separated server service servicearn
  serviceconnectconfiguration serviceconnectresources servicedeployment servicename serviceregistries services setting
  settings shared sharedmemorysize sharingstrategy sighup sigpending sigquit sigterm sizeingib snapshotid softlimit
  somebody something sourcecontainer sourcepath sourceservicerevisioncleanup sourcevolume specified splunk spread
  stabilitystatus stabilitystatusat stabilizing stable started startedby starting startperiod starts starttimeout
  statement status statusreason stderr stdout steady stepbaketimeinminutes steppercent stepstarted stopdeployment
  stopped stoppedreason stopping stoptimeout strategy string subject submitted subnets succeeded success successful
  successfully summary superseded suspend suspended suspending suspendscaling swappiness syslog systemcontrols systems
  tagspecifications takesback taking takingback target targetgrouparn targetid targettype taskarns taskdef
  taskdefinition taskdefinitionarn taskrolearn tasksetarn tasksets taskskeepfailing templates terminal
  testlistenerrule testtrafficrules tfstate thresholdconfiguration throttled throughput timedout timeout
  timeoutconfiguration timeoutinminutes timeoutseconds traffic transitencryption transitencryptionport trouble
  trustedexecutionconfiguration trying turned ulimits unable unchanged unforeseen unhealthythresholdcount unknown
  unproven unreachable unreadableanswer unsupported untrusted update updatedat updateservice updating valuefrom values
  variable variables verify verifying version versionconsistency volume volumeconfigurations volumeinitializationrate
  volumes volumesfrom volumetype vpclatticeconfigurations waiting warning watching weight whether within without
  workingdirectory written
`.trim().split(/\s+/),
);

/**
 * Whether the program writes this word itself. A value that is no more than that (`MODE=rollback`) is not searched for in
 * what is written: that the word is there tells nobody the value, but its being hidden everywhere would.
 */
export function isOwnWord(text: string): boolean {
  return OWN_WORDS.has(text.toLowerCase());
}
