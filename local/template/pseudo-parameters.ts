/** Region and account in all ARNs and engines of the local run. */
export const localRegion = 'us-east-1';
export const localAccount = '000000000000';

/** The value of `{"Ref": "AWS::NoValue"}`. It removes the property or list item that contains it. */
export const noValue: unique symbol = Symbol('AWS::NoValue');

/** A pseudo parameter of CloudFormation; undefined for any other name. */
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
