{ awsvpc(subnets):: { awsvpcConfiguration: { subnets: subnets, securityGroups: ['sg-0123456789abcdef0'] } } }
