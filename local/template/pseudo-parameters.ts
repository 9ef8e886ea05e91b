/** Where the local run pretends to be: the engines and the ARNs of the whole run agree on it. */
export const localRegion = 'us-east-1';
export const localAccount = '000000000000';

/** What `{"Ref": "AWS::NoValue"}` resolves to: the property or list item that holds it vanishes. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

/** CloudFormation's pseudo parameters; undefined for a name that is none of them. */
export function pseudoParameter(name: string, stackName: string): string | typeof noValue | undefined {
  switch (name) {
    case 'AWS::Region':
      return localRegion;
    case 'AWS::AccountId':
      return localAccount;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${localRegion}:${localAccount}:stack/${stackName}/local`;
    case 'AWS::NoValue':
      return noValue;
    default:
      return undefined;
  }
}
